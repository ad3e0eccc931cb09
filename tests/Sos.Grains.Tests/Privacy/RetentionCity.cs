using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Contracts.Privacy;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Privacy;

/// <summary>A city in which an alert with everything that can hang on it has been closed.</summary>
internal sealed class RetentionCity(CityHost city) : IAsyncDisposable
{
    public CityHost City => city;

    public Guid Alert { get; private set; }

    public Guid Victim { get; private set; }

    public Guid Anna { get; private set; }

    public DateTimeOffset ClosedAt { get; private set; }

    public static async Task<RetentionCity> Start(Action<IServiceCollection>? services = null, PrivacyChange? choices = null)
    {
        var retention = new RetentionCity(await CityHost.Start(services));
        await retention.Close(choices);
        return retention;
    }

    public Task<AlertView?> Seen() => city.Alert(Alert).View(new AlertReader(Victim, false, []));

    public async Task<int> Fixes() => (await city.Grains.GetGrain<ITrackGrain>(ITrackGrain.KeyOf(Alert, 0)).Read()).Length;

    public Task<CandidateSet?> Candidates() => city.Grains.GetGrain<ICandidateSetGrain>(CandidateSet.KeyOf(Alert, 1)).Read();

    /// <summary>Moves the clock a minute at a time, with a look at the alert in between, until something is so.</summary>
    public Task MinuteByMinute(string what, Func<Task<bool>> condition) => city.Until(what, async () =>
    {
        await city.Advance(TimeSpan.FromMinutes(1));
        return await condition();
    });

    public Task Erased() => MinuteByMinute("the data is destroyed", async () => (await Seen())!.Tombstone is not null);

    /// <summary>Lets that many minutes pass, one at a time.</summary>
    public async Task Pass(int minutes)
    {
        var passed = 0;
        await MinuteByMinute("time passes", async () =>
        {
            await Seen();
            return ++passed >= minutes;
        });
    }

    /// <summary>True when the alert is listed with those whose data ends then.</summary>
    public async Task<bool> IsFiled(DateTimeOffset dueAt)
    {
        var bucket = city.Grains.GetGrain<IRetentionBucketGrain>(RetentionBuckets.KeyOf(dueAt, Alert, 0)).GetGrainId();
        return (await city.Services.GetRequiredService<IReminderTable>().ReadRows(bucket)).Reminders.Count > 0;
    }

    public ValueTask DisposeAsync() => city.DisposeAsync();

    private async Task Close(PrivacyChange? choices)
    {
        Victim = Guid.CreateVersion7(city.Now);
        await city.Grains.GetGrain<IUserGrain>(Victim).Register(new UserRegistration("+15550100300", null, Roles.User));
        if (choices is not null) await city.Grains.GetGrain<IUserGrain>(Victim).Choose(choices);
        Anna = await city.OnDuty(400);
        (Alert, _) = await city.Press(victim: Victim);
        await city.Until("the offer is in the inbox", async () => (await city.Inbox(Anna, Alert)).Length == 1);
        await city.Until("the search is kept", async () => await Candidates() is not null);
        await city.Alert(Alert).Append(new AppendCommand(Victim, new PositionFix(CityHost.Square, null, city.Now.AddSeconds(1)), "left door", null, false, null));
        if (choices?.HideRoute != true)
        {
            await city.Within(TimeSpan.FromMinutes(1), "the track is kept", async () => await Fixes() == 1);
        }

        Assert.Equal(AlertRefusal.None, (await city.Alert(Alert).Direct(new StaffCommand(Guid.NewGuid(), ["*"], StaffMove.Close, null, "over", (await city.Staff(Alert)).Version, null))).Refusal);
        ClosedAt = city.Now;
    }
}
