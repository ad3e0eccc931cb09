using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;
using Sos.Contracts.Operations;
using Sos.Grains.Tests.City;
using Sos.TestKit;

namespace Sos.Grains.Tests.Audit;

/// <summary>What staff does to an alert reaches the audit by the alert's outbox, once, and never holds help up.</summary>
public sealed class AlertAuditTests
{
    private static readonly Guid Staff = Guid.Parse("01890000-0000-7000-8000-00000000005f");
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(70);

    [Theory]
    [InlineData(WriteFault.Refused)]
    [InlineData(WriteFault.AnswerLost)]
    public async Task While_the_audit_fails_help_goes_on_and_what_staff_did_arrives_once_afterwards(WriteFault fault)
    {
        await using var city = await StartWithFaults();
        var anna = await city.OnDuty(200);
        var (alert, _) = await city.Press();
        city.Services.GetRequiredService<FaultyStorage>().Fault = fault;
        await Do(city, alert, StaffMove.Claim, "mine");
        await city.Within(TimeSpan.FromSeconds(40), "the service assigns", async () => (await city.Staff(alert)).Staff!.Offers.Any(o => o.Assigned && o.Responder == anna));
        Assert.Equal(AlertRefusal.None, (await city.Act(alert, anna, ResponderMove.Accept)).Refusal);
        await Do(city, alert, StaffMove.Note, "she has the key");
        await Do(city, alert, StaffMove.Close, "helped");
        city.Services.GetRequiredService<FaultyStorage>().Fault = WriteFault.None;
        await city.Within(Soon, "everything is in the audit", async () => (await Entries(city, alert)).Count >= 3);
        var entries = await Entries(city, alert);
        Assert.Equal([(AuditAct.ClaimedAlert, "mine"), (AuditAct.NotedAlert, "she has the key"), (AuditAct.ClosedAlert, "helped")], entries.Select(e => (e.Draft.Act, e.Draft.Reason)));
        Assert.All(entries, e => Assert.Equal(Staff, e.Draft.Actor));
    }

    [Fact]
    public async Task A_kill_between_the_act_and_the_audit_loses_and_doubles_nothing()
    {
        await using var city = await StartWithFaults();
        var (alert, _) = await city.Press();
        city.Services.GetRequiredService<FaultyStorage>().Fault = WriteFault.Refused;
        await Do(city, alert, StaffMove.Claim, "mine");
        Assert.Empty(await Entries(city, alert));

        // Killed before it has arrived: the outbox has it.
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        await city.Staff(alert);
        await city.Within(Soon, "the act is in the audit", async () => (await Entries(city, alert)).Count > 0);

        // Killed after it has arrived and before the alert has noted that: it is sent again.
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        await city.Staff(alert);
        await Do(city, alert, StaffMove.Note, "still here");
        await city.Within(Soon, "the next act is in the audit", async () => (await Entries(city, alert)).Any(e => e.Draft.Act == AuditAct.NotedAlert));
        Assert.Equal([AuditAct.ClaimedAlert, AuditAct.NotedAlert], (await Entries(city, alert)).Select(e => e.Draft.Act));
    }

    [Fact]
    public async Task Acts_that_the_record_has_handed_to_its_history_meanwhile_arrive_too()
    {
        await using var city = await StartWithFaults();
        var (alert, _) = await city.Press();
        city.Services.GetRequiredService<FaultyStorage>().Fault = WriteFault.Refused;
        for (var i = 0; i < 160; i++) await Do(city, alert, StaffMove.Note, $"note {i}");
        city.Services.GetRequiredService<FaultyStorage>().Fault = WriteFault.None;
        await city.Within(TimeSpan.FromMinutes(3), "all notes are in the audit", async () => (await Entries(city, alert)).Count >= 160);
        Assert.Equal(Enumerable.Range(0, 160).Select(i => $"note {i}"), (await Entries(city, alert)).Select(e => e.Draft.Reason));
    }

    private static Task<CityHost> StartWithFaults() => CityHost.Start(services => FaultyStorage.AddTo(services, StorageNames.Records, only: "sos.audit"));

    private static async Task Do(CityHost city, Guid alert, StaffMove move, string reason) =>
        Assert.Equal(AlertRefusal.None, (await city.Alert(alert).Direct(new StaffCommand(Staff, ["*"], move, null, reason, null, null))).Refusal);

    // Oldest first.
    private static async Task<List<AuditEntry>> Entries(CityHost city, Guid alert)
    {
        var page = await city.Grains.GetGrain<IAuditGrain>(AuditKeys.ChainOf(city.Now, Staff)).Page(new AuditFilter(Subject: $"alert/{alert}"), long.MaxValue, 500);
        return [.. page.Reverse()];
    }
}
