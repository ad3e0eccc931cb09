using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Zones;
using Sos.Server.Zones;

namespace Sos.Server.Realtime;

/// <summary>The one object through which grains reach the devices that are connected to this process. Only queues, never waits.</summary>
internal sealed class DeviceObserver(ConnectedPeople people) : IDeviceObserver
{
    public Task AlertChanged(Guid person, AlertEvent change) => Offer(person, DeviceFeeds.Alerts, new DeviceMessage(Alert: change));

    public Task InboxChanged(Guid person, InboxItem item) => Offer(person, DeviceFeeds.Inbox, new DeviceMessage(Inbox: item));

    public Task ZoneEntered(Guid person, ZoneWarning warning) => Offer(person, DeviceFeeds.Whereabouts, new DeviceMessage(Zone: ZoneWarningView.Of(warning)));

    public Task BoardChanged(Guid person, BoardEntry entry) => Offer(person, DeviceFeeds.Board, new DeviceMessage(Board: entry));

    public Task RelativeNear(Guid person, ProximityAlert alert) => Offer(person, DeviceFeeds.Whereabouts, new DeviceMessage(Relative: ProximityMessage.Of(alert)));

    public Task SharingEnded(Guid person, SharingEnd end) => Offer(person, DeviceFeeds.Whereabouts, new DeviceMessage(Sharing: new SharingDisabledMessage(end.Sharing, end.At)));

    public Task CrowdSeen(Guid person, ZoneCrowd crowd) => Offer(person, DeviceFeeds.Board, new DeviceMessage(Crowd: crowd));

    private Task Offer(Guid person, DeviceFeeds feed, in DeviceMessage message)
    {
        foreach (var connection in people.ConnectionsOf(person)) connection.Offer(feed, message);
        return Task.CompletedTask;
    }
}
