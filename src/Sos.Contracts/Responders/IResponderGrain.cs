using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Operations;

namespace Sos.Contracts.Responders;

/// <summary>A person who helps: duty, capabilities, capacity, durable inbox, reliability. The one arbiter of her capacity. Key: user id.</summary>
[Alias("sos.responders.IResponderGrain")]
public interface IResponderGrain : IGrainWithGuidKey
{
    /// <summary>Admits a person as a responder with cleared capabilities, changes them, or suspends her. Staff only; the caller checks that.</summary>
    [Alias("Clear")] Task<ResponderView> Clear(ResponderClearance clearance);

    /// <summary>Changes duty, transport or capacity. Refused for people who are not cleared.</summary>
    [Alias("SetDuty")] Task<DutyOutcome> SetDuty(DutyChange change);

    /// <summary>A position and heartbeat. Two calls and no storage write, but for a change of cell (at most one write a minute).</summary>
    [Alias("Report")] Task<ReportOutcome> Report(PositionReport report);

    /// <summary>Puts an item into the durable inbox and tells the person's devices; the same (alert, kind, round) is put in once.</summary>
    [Alias("Deliver")] Task<InboxReceipt> Deliver(InboxDelivery delivery);

    /// <summary>Durably reserves capacity for an alert; lapses after 10 minutes unless confirmed. Same alert and version again: the same answer.</summary>
    [Alias("TryReserve")] Task<Reservation> TryReserve(Guid alertId, long version);

    /// <summary>The alert is hers: the reservation no longer lapses.</summary>
    [Alias("Confirm")] Task Confirm(Guid alertId, long version);

    /// <summary>Frees the capacity and counts how the request ended. Older versions than the reservation's change nothing.</summary>
    [Alias("Release")] Task Release(Guid alertId, long version, ReleaseReason reason);

    /// <summary>Alerts that she holds reservations for now.</summary>
    [Alias("Held")] Task<ImmutableArray<Guid>> Held();

    /// <summary>The alert's data is destroyed: nothing about it stays in the inbox.</summary>
    [Alias("Forget")] Task Forget(Guid alertId);

    /// <summary>Sent by the roster for cells that have just started: reports to her own if it is among them, from the last durable cell marked stale.</summary>
    [Alias("Announce"), OneWay] Task Announce(ImmutableArray<string> cells);

    /// <summary>The responder as staff and she herself see her; null when never cleared.</summary>
    [Alias("View")] Task<ResponderView?> View();

    /// <summary>Inbox items with a sequence number above <paramref name="after"/>, oldest first, at most 200.</summary>
    [Alias("Inbox")] Task<ImmutableArray<InboxItem>> Inbox(long after);

    /// <summary>Registers the observer of a process that holds connections of this person; renewed every 30 s, expires after 60 s.</summary>
    [Alias("Follow"), AlwaysInterleave] Task Follow(IDeviceObserver observer);

    /// <summary>What is kept beside that, for the person herself; null when never cleared.</summary>
    [Alias("Record")] Task<ResponderRecord?> Record();

    /// <summary>Deletes all that is kept of the responder for good, after her duty has ended; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
