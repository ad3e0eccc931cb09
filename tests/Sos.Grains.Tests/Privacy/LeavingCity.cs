using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Identity;
using Sos.Contracts.Privacy;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Trackers;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Relatives;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Privacy;

/// <summary>A city with a person of whom every kind of record is kept: account, address, session, second factor, password, contacts, duty, a closed alert.</summary>
internal sealed class LeavingCity(CityHost city) : IAsyncDisposable
{
    private const string Address = "0a1b";
    private string _hour = "";

    public CityHost City => city;

    public Guid Ada { get; private set; }

    public Guid Alert { get; private set; }

    public Guid Session { get; } = Guid.NewGuid();

    public IAccountDeletionGrain Deletion => city.Grains.GetGrain<IAccountDeletionGrain>(Ada);

    public IUserGrain Account => city.Grains.GetGrain<IUserGrain>(Ada);

    public static async Task<LeavingCity> Start(Action<IServiceCollection>? services = null)
    {
        var leaving = new LeavingCity(await CityHost.Start(services));
        await leaving.Live();
        return leaving;
    }

    public Task<DateTimeOffset> Ask() => Deletion.Ask([Address]);

    /// <summary>Moves the clock a minute at a time until something is so; a call that was killed is made again.</summary>
    public Task MinuteByMinute(string what, Func<Task<bool>> condition) => city.Until(what, TimeSpan.FromMinutes(1), async () =>
    {
        try
        {
            return await condition();
        }
        catch (Exception killed) when (killed is OrleansException or IOException or TimeoutException)
        {
            return false;
        }
    });

    /// <summary>What is left of her, by name.</summary>
    public async Task<List<string>> Left()
    {
        var grains = city.Grains;
        var left = new List<string>();
        void Note(bool there, string what)
        {
            if (there) left.Add(what);
        }

        Note(await Account.Profile() is not null, "account");
        Note(await grains.GetGrain<IPhoneGrain>(Address).Owner() is not null, "address");
        Note(await grains.GetGrain<ISessionGrain>(Session).View() is not null, "session");
        Note((await grains.GetGrain<ISessionIndexGrain>(Ada).List()).Length > 0, "list of sessions");
        Note((await grains.GetGrain<ISecondFactorGrain>(Ada).Proposed()).SealedSecret is not null, "second factor");
        Note(await grains.GetGrain<IPasswordGrain>(Ada).IsSet(), "password");
        Note((await grains.GetGrain<IContactsGrain>(Ada).List()).Length > 0, "contacts");
        Note((await grains.GetGrain<IContactsGrain>(Ada).Age()).Guardian is not null, "guardian");
        Note((await grains.GetGrain<IZoneWatchGrain>(Ada).View()).Settings.Mode != ZoneMode.NotifyOnly, "zone watch");
        Note((await grains.GetGrain<ITrackersGrain>(Ada).List()).Length > 0, "trackers");
        Note((await grains.GetGrain<IRelativesGrain>(Ada).List()).Sharing, "relatives");
        Note((await grains.GetGrain<IRelativesGrain>(Ada).Groups()).Length > 0, "groups of relatives");
        Note((await grains.GetGrain<IRelativeHistoryGrain>(Ada).Looks()).Length > 0, "looks of relatives");
        Note((await grains.GetGrain<ITrailGrain>(Ada).Settings()).Enabled, "trail");
        Note((await grains.GetGrain<ITrailHourGrain>(_hour).Read()).Length > 0, "an hour of her trail");
        Note((await grains.GetGrain<IBlocksGrain>(Ada).List()).Length > 0, "blocks");
        Note((await grains.GetGrain<ISeparationsGrain>(Ada).Everybody()).Length > 0, "separations");
        Note(await city.Responder(Ada).View() is not null, "responder");
        Note((await city.Alert(Alert).View(new AlertReader(Ada, false, [])))?.Tombstone is null, "alert");
        Note((await Listed()).Length > 0, "listing");
        Note(await Deletion.DueAt() is not null, "deletion");
        return left;
    }

    public ValueTask DisposeAsync() => city.DisposeAsync();

    private async Task<AlertIndexEntry[]> Listed() => [.. (await city.Grains.GetGrain<IAlertIndexGrain>(AlertIndexKeys.OfUser(Ada)).Page(null, 10)).Entries];

    private async Task Live()
    {
        var grains = city.Grains;
        Ada = await grains.GetGrain<IPhoneGrain>(Address).Claim();
        await Account.Register(new UserRegistration("+15550100300", null, Roles.User | Roles.Responder));
        await Account.Update(new ProfileChange("Ada", "Weir Ltd", "de"));
        await grains.GetGrain<ISessionIndexGrain>(Ada).Add(Session);
        await grains.GetGrain<ISessionGrain>(Session).Open(new OpenSession(Ada, "her telephone"));
        await grains.GetGrain<ISecondFactorGrain>(Ada).Propose([1, 2, 3]);
        await grains.GetGrain<IPasswordGrain>(Ada).Set("a hash");
        await grains.GetGrain<IContactsGrain>(Ada).Add(new ContactDraft("Vera", "+15550100301", "sister"));
        await grains.GetGrain<IContactsGrain>(Ada).AnswerAge(false);
        await grains.GetGrain<IContactsGrain>(Ada).NameGuardian("+15550100302");
        await grains.GetGrain<IZoneWatchGrain>(Ada).Set((await grains.GetGrain<IZoneWatchGrain>(Ada).View()).Settings with { Mode = ZoneMode.NotifyContact });
        await grains.GetGrain<ITrackersGrain>(Ada).Add(new TrackerDraft(Guid.CreateVersion7(), "Watch", TrackerKind.Traccar, "0a"));
        await grains.GetGrain<IRelativesGrain>(Ada).Toggle(true);
        await grains.GetGrain<IRelativesGrain>(Ada).MakeGroup(new GroupDraft("Family", []));
        await grains.GetGrain<IRelativeHistoryGrain>(Ada).Looked(new RelativeLook(Guid.NewGuid(), "Vera", city.Now.AddDays(1)));
        await grains.GetGrain<ITrailGrain>(Ada).Set(new TrailSettings(true, TrailSettings.MostHours));
        _hour = ITrailHourGrain.KeyOf(Ada, TrailRules.HourOf(city.Now));
        for (var i = 0; i < TrailRules.MostUnwritten; i++) await grains.GetGrain<ITrailGrain>(Ada).Keep(new TrailPoint(new PositionFix(CityHost.Square, null, city.Now.AddSeconds(i)), CityHost.Square));
        await city.Until("it is written", async () => (await grains.GetGrain<ITrailHourGrain>(_hour).Read()).Length > 0);
        var other = await city.OnDuty(9_000);
        await grains.GetGrain<IBlocksGrain>(Ada).Add(new BlockDraft(other));
        await city.Responder(Ada).Clear(new ResponderClearance(true, Capabilities.Medical, "Ada"));
        await city.Responder(Ada).SetDuty(new DutyChange(true, 1, Transport.Walk));
        await city.Report(Ada, 4_000);
        (Alert, _) = await city.Press(victim: Ada);
        await city.Until("she is known to have it open", async () => await Account.OpenAlert() == Alert);
        Assert.Equal(AlertRefusal.None, (await city.Alert(Alert).Cancel(new CancelCommand(Ada, null, null))).Refusal);
        await city.Until("it is listed as closed", async () => await Account.OpenAlert() is null && (await Listed()) is [{ Status: AlertStatus.Cancelled }]);
        Assert.Equal(AlertRefusal.None, (await city.Alert(Alert).Hold(new HoldCommand(Ada, 30))).Refusal);
    }
}
