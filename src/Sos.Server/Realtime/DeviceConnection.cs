using System.Threading.Channels;
using Sos.Contracts.Alerts;
using Sos.Contracts.Responders;
using Sos.Contracts.Zones;
using Sos.Server.Identity;
using Sos.Server.Zones;

namespace Sos.Server.Realtime;

/// <summary>What a connection wants to hear.</summary>
[Flags]
internal enum DeviceFeeds
{
    None = 0,

    /// <summary>Events of the person's alerts, and her relatives near by.</summary>
    Alerts = 1,

    /// <summary>The responder's inbox.</summary>
    Inbox = 2,

    /// <summary>Boards of the operator's areas.</summary>
    Board = 4,

    /// <summary>Zones that she comes into, relatives near by and the end of her sharing; on devices of her own, not on apps: it says where she is, and where others are.</summary>
    Whereabouts = 8,
}

/// <summary>One message to a device: exactly one member is set, or none for "pull what you missed".</summary>
internal readonly record struct DeviceMessage(AlertEvent? Alert = null, InboxItem? Inbox = null, BoardEntry? Board = null, ProximityMessage? Relative = null, ZoneWarningView? Zone = null, ZoneCrowd? Crowd = null, SharingDisabledMessage? Sharing = null);

/// <summary>
/// One connection of a person. Messages wait in a queue of its own, so that a device that does not read holds up nobody else; when the
/// queue is full they are dropped and the device is told to pull.
/// </summary>
/// <param name="token">Whose; she is cut off when it ends.</param>
/// <param name="feeds">What she wants to hear here.</param>
/// <param name="close">Ends the connection.</param>
/// <param name="hidesPlaces">Boards are told without positions: the look at them could not be recorded.</param>
internal sealed class DeviceConnection(VerifiedToken token, DeviceFeeds feeds, Action close, bool hidesPlaces = false)
{
    /// <summary>Messages that wait at most.</summary>
    public const int QueueLength = 256;

    private readonly Channel<DeviceMessage> _queue = Channel.CreateBounded<DeviceMessage>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private int _dropped;

    /// <summary>The credential it was opened with.</summary>
    public VerifiedToken Token => token;

    /// <summary>User id.</summary>
    public Guid Person => token.User.Id;

    /// <summary>What it hears.</summary>
    public DeviceFeeds Feeds => feeds;

    /// <summary>Queues a message, or notes that one was dropped. Never waits.</summary>
    public void Offer(DeviceFeeds feed, in DeviceMessage message)
    {
        if ((feeds & feed) == 0) return;
        var told = hidesPlaces && message.Board is { } entry ? message with { Board = entry with { Position = null } } : message;
        if (!_queue.Writer.TryWrite(told)) Volatile.Write(ref _dropped, 1);
    }

    /// <summary>Waits until <see cref="TryTake"/> has something; false at the end.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _queue.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>The next message; after those that had room, one empty message when others were dropped.</summary>
    public bool TryTake(out DeviceMessage message) => _queue.Reader.TryRead(out message) || Interlocked.Exchange(ref _dropped, 0) != 0;

    /// <summary>Sends messages as they come until the connection ends.</summary>
    public async Task Pump(IDeviceClient client)
    {
        while (await WaitAsync(CancellationToken.None))
        {
            while (TryTake(out var message)) await Send(client, message);
        }
    }

    /// <summary>No more messages: the connection has ended.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Ends the connection.</summary>
    public void Close()
    {
        Complete();
        close();
    }

    private static Task Send(IDeviceClient client, in DeviceMessage message) => message switch
    {
        { Alert: { } change } => client.AlertChanged(change),
        { Inbox: { } item } => client.InboxChanged(item),
        { Board: { } entry } => client.BoardChanged(entry),
        { Relative: { } relative } => client.ProximityAlert(relative),
        { Zone: { } warning } => client.ZoneEntered(warning),
        { Crowd: { } crowd } => client.ZoneCrowded(crowd),
        { Sharing: { } sharing } => client.LocationSharingDisabled(sharing),
        _ => client.Resync(),
    };
}
