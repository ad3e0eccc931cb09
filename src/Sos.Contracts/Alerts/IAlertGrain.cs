using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Users;

namespace Sos.Contracts.Alerts;

/// <summary>An emergency, from press to closed: the one truth about it. Key: alert id, a UUIDv7 made by the client.</summary>
[Alias("sos.alerts.IAlertGrain")]
public interface IAlertGrain : IGrainWithGuidKey
{
    /// <summary>Takes a press; durable when answered. The same press again is answered from the record.</summary>
    [Alias("Raise"), ResponseTimeout("00:00:04")] Task<RaiseOutcome> Raise(RaiseCommand command);

    /// <summary>Adds data to an open alert: a merged press, a note, a position. Nothing that is there is dropped.</summary>
    [Alias("Append"), ResponseTimeout("00:00:04")] Task<AlertOutcome> Append(AppendCommand command);

    /// <summary>The victim calls it off.</summary>
    [Alias("Cancel"), ResponseTimeout("00:00:04")] Task<AlertOutcome> Cancel(CancelCommand command);

    /// <summary>A responder accepts, declines, is under way, on the scene, or has finished.</summary>
    [Alias("Respond"), ResponseTimeout("00:00:04")] Task<AlertOutcome> Respond(RespondCommand command);

    /// <summary>A responder's device has shown that an inbox item arrived or was seen.</summary>
    [Alias("Acknowledge"), ResponseTimeout("00:00:04")] Task<AlertOutcome> Acknowledge(ReceiptCommand command);

    /// <summary>Staff claims, assigns, reassigns, unassigns, notes, closes or marks false.</summary>
    [Alias("Direct"), ResponseTimeout("00:00:04")] Task<AlertOutcome> Direct(StaffCommand command);

    /// <summary>A photo or recording: a place is reserved before its bytes are taken, then filled or given back.</summary>
    [Alias("Attach"), ResponseTimeout("00:00:04")] Task<AttachOutcome> Attach(AttachCommand command);

    /// <summary>What this reader may see; null when there is no such alert for her.</summary>
    [Alias("View"), ResponseTimeout("00:00:04")] Task<AlertView?> View(AlertReader reader);

    /// <summary>Events above a sequence number, cut to what this reader may see; null when there is no such alert for her.</summary>
    [Alias("Events"), ResponseTimeout("00:00:04")] Task<AlertEventPage?> Events(AlertReader reader, long after, int limit);

    /// <summary>What an emergency contact of the victim may follow; null when it is not hers, was never told to contacts, or closed an hour ago.</summary>
    [Alias("Follow"), ResponseTimeout("00:00:04")] Task<FollowedAlert?> Follow(Guid victim);

    /// <summary>Who comes or came to this victim's alert; null when nobody has, or it is not hers. For blocking: not to be shown.</summary>
    [Alias("Attending"), ResponseTimeout("00:00:04")] Task<AttendingResponder?> Attending(Guid victim);

    /// <summary>The person keeps her closed alert's data longer, at most 90 days from its close, or no longer. She alone.</summary>
    [Alias("Hold"), ResponseTimeout("00:00:04")] Task<AlertOutcome> Hold(HoldCommand command);

    /// <summary>The person's account is deleted: so is what is left of her closed alert. True when nothing is; false while it is open or the audit waits for it.</summary>
    [Alias("Forget"), ResponseTimeout("00:00:04")] Task<bool> Forget(Guid victim);

    /// <summary>Sent by a bucket of alerts that are due: destroys the key, or moves to the bucket of a later time; then leaves that bucket.</summary>
    [Alias("Retire"), OneWay] Task Retire(string bucket);

    /// <summary>Sent by the sweep and after a block: activates, does what is due, announces itself to its board and parts who must not meet.</summary>
    [Alias("Ping"), OneWay] Task Ping();

    /// <summary>
    /// What the pump brought about. Only the alert itself calls it; one way: a timer that waited for its own grain would hold up that grain's end.
    /// </summary>
    [Alias("Settle"), OneWay] Task Settle(PumpResults results);
}
