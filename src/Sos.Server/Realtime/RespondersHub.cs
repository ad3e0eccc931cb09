using Microsoft.AspNetCore.SignalR;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Responders;
using Sos.Server.Identity;
using Sos.Server.Responders;

namespace Sos.Server.Realtime;

/// <summary><c>/ws/responders</c>: positions in, inbox items out.</summary>
internal sealed class RespondersHub(DeviceConnections connections, IHubContext<RespondersHub, IDeviceClient> hub, IGrainFactory grains, TimeProvider time)
    : DeviceHub<RespondersHub>(connections, hub)
{
    /// <summary>Where the caller is; without a position only that she is still there.</summary>
    /// <returns>accepted, outdated, off_duty or implausible.</returns>
    /// <exception cref="HubException">invalid.</exception>
    public async Task<ReportOutcome> Report(HeartbeatRequest heartbeat)
    {
        if (heartbeat is null || !heartbeat.TryRead(time.GetUtcNow(), out var report, out _)) throw new HubException("invalid");
        return await grains.GetGrain<IResponderGrain>(User.Id).Report(report);
    }

    /// <summary>An inbox item about an alert is on the device, or was looked at.</summary>
    /// <exception cref="HubException">not-found.</exception>
    public async Task Acknowledge(Guid alertId, bool seen) =>
        HubAnswers.ThrowUnlessDone(await grains.GetGrain<IAlertGrain>(alertId).Acknowledge(new ReceiptCommand(User.Id, seen)));

    protected override DeviceFeeds FeedsFor(CurrentUser user) => DeviceFeeds.Inbox;
}
