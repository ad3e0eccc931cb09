using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Utilities;
using Sos.Contracts.Alerts;
using Sos.Contracts.Messaging;
using Sos.Contracts.Operations;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Geo;
using Sos.Grains.Messaging;
using Sos.Grains.Relatives;
using Sos.Grains.Responders;
using Sos.Grains.State;
using Sos.Grains.Zones;

namespace Sos.Grains.Users;

/// <summary>One person: her account (here), and where she is (<c>.Position</c>).</summary>
[GrainType("sos.user"), PreferLocalPlacement]
internal sealed partial class UserGrain(
    [PersistentState("user", StorageNames.Records)] IPersistentState<UserState> record,
    ISmsGateway gateway,
    ZoneAtlas zones,
    IOptions<GeoOptions> geo,
    IOptions<ProximityOptions> proximity,
    EpochSource epochs,
    TimeProvider time,
    ILogger<UserGrain> logger) : Grain, IUserGrain
{
    /// <summary>Processes follow again every 30 s.</summary>
    private static readonly TimeSpan FollowLife = TimeSpan.FromSeconds(60);

    private readonly ObserverManager<IDeviceObserver> _followers = new(FollowLife, logger) { GetDateTime = () => time.GetUtcNow().UtcDateTime };

    // Queries interleave with a write that may yet fail, so they are served from what is known to be on disk.
    private UserProfile? _profile;
    private PrivacyChoices _choices = new(false, false);
    private Guid? _openAlert;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    async Task<UserProfile?> IUserGrain.Register(UserRegistration registration)
    {
        if (UserRules.Register(record.State, registration, time.GetUtcNow())) await Write();
        return _profile;
    }

    async Task IUserGrain.Erase()
    {
        if (UserRules.Erase(record.State, time.GetUtcNow()) is not { } erased) return;
        record.State = erased;
        await Write();
        await ForgetPosition();
    }

    async Task<UserProfile?> IUserGrain.Update(ProfileChange change)
    {
        if (_profile is null) return Missing();
        UserRules.Update(record.State, change);
        await Write();
        return _profile;
    }

    async Task<UserProfile?> IUserGrain.Grant(UserGrant grant)
    {
        if (_profile is null) return Missing();
        UserRules.Grant(record.State, grant);
        await Write();
        return _profile;
    }

    Task<UserProfile?> IUserGrain.Profile() => Task.FromResult(_profile ?? Missing());

    Task<PrivacyChoices> IUserGrain.Choices()
    {
        if (_profile is null) Missing();
        return Task.FromResult(_choices);
    }

    async Task<PrivacyChoices?> IUserGrain.Choose(PrivacyChange change)
    {
        if (_profile is null)
        {
            Missing();
            return null;
        }

        if (UserRules.Choose(record.State, change)) await Write();
        return _choices;
    }

    Task<Guid?> IUserGrain.OpenAlert() => Task.FromResult(_openAlert);

    async Task IUserGrain.NoteAlert(Guid alertId, bool open)
    {
        if (UserRules.Note(record.State, alertId, open)) await Write();
    }

    async Task<int> IUserGrain.Tell(AlertEvent change)
    {
        _followers.ClearExpired();
        var (person, reached) = (this.GetPrimaryKey(), _followers.Count);
        if (reached > 0) await _followers.Notify(follower => follower.AlertChanged(person, change));
        return reached;
    }

    Task IUserGrain.Warn(ZoneWarning warning)
    {
        _followers.ClearExpired();
        var person = this.GetPrimaryKey();
        return _followers.Notify(follower => follower.ZoneEntered(person, warning));
    }

    async Task<bool> IUserGrain.Text(TextTemplate template, string idempotencyKey)
    {
        if ((_profile?.Phone ?? _profile?.Email) is not { } address) return false;
        return await gateway.Send(new TextMessage(address, TextTemplates.Body(template), idempotencyKey), CancellationToken.None);
    }

    Task IUserGrain.Follow(IDeviceObserver observer)
    {
        _followers.Subscribe(observer, observer);
        return Task.CompletedTask;
    }

    /// <summary>A guessed user id costs no memory.</summary>
    private UserProfile? Missing()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return null;
    }

    private void Remember()
    {
        _profile = UserRules.Profile(this.GetPrimaryKey(), record.State);
        _choices = UserRules.Choices(record.State);
        _openAlert = record.State.OpenAlerts is [var oldest, ..] ? oldest : null;
    }

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        Remember();
    }
}
