using Orleans.Runtime;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Responders;

/// <summary>Vetting in a city: what follows from it, also after a kill, and what time brings.</summary>
public sealed class VettingLifeTests
{
    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Two = Guid.NewGuid();

    [Fact]
    public async Task Who_is_admitted_goes_on_duty_and_who_is_suspended_is_out_at_once()
    {
        await using var city = await CityHost.Start();
        var ada = await Applicant(city);
        Assert.Equal([ada], (await Waiting(city)).Select(a => a.User));
        Assert.Null((await city.Responder(ada).SetDuty(new DutyChange(true, 1, Transport.Car))).View);
        await Approve(city, ada, One);
        Assert.Equal(Clearance.None, (await Vetting(city, ada).View()).Clearance);
        var admitted = await Approve(city, ada, Two);
        Assert.Equal(Clearance.Admitted, admitted.View.Clearance);
        Assert.Empty(await Waiting(city));
        Assert.True((await city.Grains.GetGrain<IUserGrain>(ada).Profile())!.Roles.HasFlag(Roles.Responder));
        Assert.True((await city.Responder(ada).SetDuty(new DutyChange(true, 1, Transport.Car))).View!.OnDuty);

        await city.Report(ada, 300);
        var (alert, _) = await city.Press();
        await city.Until("she is asked", async () => (await city.Inbox(ada, alert)).Length == 1);
        await Vetting(city, ada).Suspend();
        Assert.False((await city.Grains.GetGrain<IUserGrain>(ada).Profile())!.Roles.HasFlag(Roles.Responder));
        Assert.Equal(ReservationOutcome.OffDuty, (await city.Responder(ada).TryReserve(alert, 100)).Outcome);
        Assert.Equal(ReportOutcome.OffDuty, await city.Report(ada, 300));
        Assert.Contains(city.Texts.Sent, text => text.Body.Contains("suspended", StringComparison.Ordinal));
        Assert.Contains(city.Texts.Sent, text => text.Body.Contains("admitted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clearance_that_is_over_is_not_offered_anything_although_nobody_has_ended_it_yet()
    {
        await using var city = await CityHost.Start();
        var ada = await city.OnDuty(300);
        await city.Responder(ada).Clear(new ResponderClearance(true, Capabilities.Medical, "Ada", city.Now.AddMinutes(10)));
        Assert.Equal(ReservationOutcome.Reserved, (await city.Responder(ada).TryReserve(Guid.NewGuid(), 1)).Outcome);
        Assert.Single(await city.Responder(ada).Held());
        await city.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(ReservationOutcome.OffDuty, (await city.Responder(ada).TryReserve(Guid.NewGuid(), 1)).Outcome);
        Assert.Equal(ReportOutcome.OffDuty, await city.Report(ada, 300));
        var (alert, _) = await city.Press();
        await city.Within(TimeSpan.FromSeconds(40), "nobody is found", async () => (await city.Staff(alert)).Staff!.RingKilometres > 20);
        Assert.Empty(await city.Inbox(ada, alert));
        Assert.Null((await city.Responder(ada).SetDuty(new DutyChange(true, null, null))).View);
    }

    [Fact]
    public async Task The_end_of_a_clearance_takes_the_role_and_is_told_a_month_before()
    {
        await using var city = await CityHost.Start();
        var ada = await Applicant(city);
        await Approve(city, ada, One);
        await Approve(city, ada, Two, city.Now.AddDays(40));
        await Later(city, ada, "she is told", view => city.Texts.Sent.Any(text => text.Body.Contains("within 30 days", StringComparison.Ordinal)));
        Assert.Equal(Clearance.Admitted, (await Vetting(city, ada).View()).Clearance);
        await Later(city, ada, "it is over", view => view.Clearance == Clearance.Expired);
        await city.Until("the role is gone", TimeSpan.FromMinutes(1), async () => !(await city.Grains.GetGrain<IUserGrain>(ada).Profile())!.Roles.HasFlag(Roles.Responder));
        await city.Until("she is told", TimeSpan.FromMinutes(1), () => Task.FromResult(city.Texts.Sent.Any(text => text.Body.Contains("has ended", StringComparison.Ordinal))));
        Assert.Single(city.Texts.Sent, text => text.Body.Contains("has ended", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_admission_that_is_killed_at_any_of_its_writes_is_whole_after_the_restart(bool afterTheWrite)
    {
        const int most = 12;
        var reached = 0;
        for (var n = 1; n <= most && reached == 0; n++)
        {
            var guillotine = new Guillotine();
            await using var city = await CityHost.Start(guillotine.Guard);
            var ada = await Applicant(city);
            await Approve(city, ada, One);
            guillotine.KillAt(n, afterTheWrite);
            try
            {
                await Approve(city, ada, Two);
            }
            catch (Exception killed) when (killed is OrleansException or IOException)
            {
                Assert.True(guillotine.HasFallen, killed.ToString());
            }

            if (!guillotine.HasFallen) reached = n;
            guillotine.Lift();
            await city.CrashAndRestart(TimeSpan.FromSeconds(5));
            await city.Until($"she is wholly admitted after a kill at write {n}", TimeSpan.FromSeconds(30), async () =>
            {
                if ((await Vetting(city, ada).View()).Clearance == Clearance.None) await Approve(city, ada, Two);
                return (await city.Responder(ada).View())?.Cleared == true && (await city.Grains.GetGrain<IUserGrain>(ada).Profile())!.Roles.HasFlag(Roles.Responder) && (await Waiting(city)).IsEmpty;
            });
        }

        // The decision, the responder, her role, the list, the decision without what has followed.
        Assert.InRange(reached, 6, most);
    }

    // Some hours at a time, with a look in between.
    private static Task Later(CityHost city, Guid person, string what, Func<VettingView, bool> condition) => city.Until(what, TimeSpan.FromHours(2), async () => condition(await Vetting(city, person).View()));

    private static async Task<Guid> Applicant(CityHost city)
    {
        var id = Guid.NewGuid();
        await city.Grains.GetGrain<IUserGrain>(id).Register(new UserRegistration("+15550100300", null, Roles.User));
        await Vetting(city, id).Apply(new ApplicationDraft(Capabilities.Medical | Capabilities.Safety, "Ada", [new Credential("paramedic licence", "4711, Vienna", null)]));
        return id;
    }

    private static Task<VettingOutcome> Approve(CityHost city, Guid id, Guid admin, DateTimeOffset? until = null) =>
        Vetting(city, id).Approve(new Approval(admin, Capabilities.Medical | Capabilities.Safety, "Ada", until, null));

    private static IVettingGrain Vetting(CityHost city, Guid id) => city.Grains.GetGrain<IVettingGrain>(id);

    private static Task<System.Collections.Immutable.ImmutableArray<Applicant>> Waiting(CityHost city) => city.Grains.GetGrain<IVettingIndexGrain>(IVettingIndexGrain.Key).List();
}
