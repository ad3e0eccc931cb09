using Microsoft.AspNetCore.SignalR;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Server.Geo;
using Sos.Server.Identity;

namespace Sos.Server.Realtime;

/// <summary><c>/ws/alerts</c>: people hear of their own alerts, staff of the boards of its areas.</summary>
internal sealed class AlertsHub(DeviceConnections connections, IHubContext<AlertsHub, IDeviceClient> hub, IGrainFactory grains, BoardLooks looks, TimeProvider time)
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

    protected override Task<bool> MaySeePlaces(CurrentUser user) => looks.MaySeePlaces(user);

    protected override DeviceFeeds FeedsFor(CurrentUser user) => DeviceFeeds.Alerts | (user.IsStaff ? DeviceFeeds.Board : DeviceFeeds.None);
}
