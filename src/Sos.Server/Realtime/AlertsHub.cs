using Microsoft.AspNetCore.SignalR;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Server.Geo;
using Sos.Server.Identity;
using Sos.Server.Zones;

namespace Sos.Server.Realtime;

/// <summary><c>/ws/alerts</c>: people hear of their own alerts, staff of the boards of its areas.</summary>
internal sealed class AlertsHub(DeviceConnections connections, IHubContext<AlertsHub, IDeviceClient> hub, IGrainFactory grains, BoardLooks looks, PositionDesk positions, TimeProvider time)
    : DeviceHub<AlertsHub>(connections, hub)
{
    /// <summary>Where the caller is now, for her own open alert.</summary>
    /// <exception cref="HubException">invalid, not-found or illegal-move.</exception>
    public async Task UpdatePosition(Guid alertId, PositionRequest position)
    {
        if (position is null || !position.TryRead(time.GetUtcNow(), out PositionFix? fix, out _)) throw new HubException("invalid");
        var outcome = await grains.GetGrain<IAlertGrain>(alertId).Append(new AppendCommand(User.Id, fix, null, null, IsPress: false, Key: null));
        HubAnswers.ThrowUnlessDone(outcome);
    }

    /// <summary>Where the caller is now; looked at, not stored. Like <c>POST /users/me/position</c>, for a phone that is connected anyway.</summary>
    /// <exception cref="HubException">invalid.</exception>
    public async Task<PositionAnswer> UpdateLocation(PositionRequest position)
    {
        if (position is null || !position.TryRead(time.GetUtcNow(), out PositionReport? report, out _)) throw new HubException("invalid");
        return new PositionAnswer(ZoneWarningView.Of(await positions.Take(User.Id, [report])));
    }

    /// <summary>Turns the switch over all relatives off, as <c>POST /relatives/toggle-sharing</c> does: when this is answered nobody finds the caller. Again: changes nothing.</summary>
    public async Task StopLocationSharing() => await grains.GetGrain<IRelativesGrain>(User.Id).Toggle(false);

    protected override Task<bool> MaySeePlaces(CurrentUser user) => looks.MaySeePlaces(user);

    protected override DeviceFeeds FeedsFor(CurrentUser user) => DeviceFeeds.Alerts | (user.App is null ? DeviceFeeds.Whereabouts : DeviceFeeds.None) | (user.IsStaff ? DeviceFeeds.Board : DeviceFeeds.None);
}
