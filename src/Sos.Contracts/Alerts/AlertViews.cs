using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Privacy;

namespace Sos.Contracts.Alerts;

/// <summary>What happened to an alert, as one reader may know it.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Seq">Grows by one with each event of the alert; (alert, seq) names the event: doubles are dropped.</param>
/// <param name="Prev">Seq of the event before it that the same reader may see: one who holds a lower one has missed something and pulls.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Status">Status of the alert afterwards.</param>
/// <param name="By">Who did it.</param>
/// <param name="Who">User id of the actor; staff only.</param>
/// <param name="Name">First name of the responder, where the reader may know it.</param>
/// <param name="Text">Reason or note, where the reader may know it.</param>
/// <param name="Count">How many, for waves and receipts.</param>
/// <param name="EtaSeconds">Expected arrival from <paramref name="At"/>.</param>
/// <param name="Position">Position of the victim, where the reader may know it.</param>
/// <param name="Responder">User id of the responder concerned; staff only.</param>
/// <param name="Attachment">The attachment that was added.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.event")]
public sealed record AlertEvent(
    [property: Id(0)] Guid AlertId,
    [property: Id(1)] long Seq,
    [property: Id(2)] long Prev,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] AlertEventKind Kind,
    [property: Id(5)] AlertStatus Status,
    [property: Id(6)] Actor By,
    [property: Id(7)] Guid? Who = null,
    [property: Id(8)] string? Name = null,
    [property: Id(9)] string? Text = null,
    [property: Id(10)] int? Count = null,
    [property: Id(11)] double? EtaSeconds = null,
    [property: Id(12)] PositionFix? Position = null,
    [property: Id(13)] Guid? Responder = null,
    [property: Id(14)] Guid? Attachment = null);

/// <summary>A page of events.</summary>
/// <param name="Events">Oldest first.</param>
/// <param name="Next">Pull again with <c>after</c> set to this; equal to what was sent when there is nothing more.</param>
/// <param name="More">There are more already.</param>
/// <param name="Erased">The alert's data has been destroyed, its events with it.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.event-page")]
public sealed record AlertEventPage([property: Id(0)] ImmutableArray<AlertEvent> Events, [property: Id(1)] long Next, [property: Id(2)] bool More, [property: Id(3)] bool Erased = false);

/// <summary>The receipts ledger: how many responders were asked, reached, and have looked.</summary>
/// <param name="Asked">Asked so far.</param>
/// <param name="Delivered">On a device of theirs.</param>
/// <param name="Seen">Looked at.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.receipts")]
public sealed record Receipts([property: Id(0)] int Asked, [property: Id(1)] int Delivered, [property: Id(2)] int Seen);

/// <summary>The responder who helps, as the victim sees her.</summary>
/// <param name="Name">First name.</param>
/// <param name="EtaSeconds">Expected arrival from <paramref name="EtaAt"/>; null when unknown.</param>
/// <param name="EtaAt">When the estimate was made.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.rescuer")]
public sealed record Rescuer([property: Id(0)] string Name, [property: Id(1)] double? EtaSeconds, [property: Id(2)] DateTimeOffset? EtaAt);

/// <summary>The responder who comes or came, for what the service does with her and shows to nobody.</summary>
/// <param name="Responder">User id.</param>
/// <param name="Name">First name.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.attending")]
public sealed record AttendingResponder([property: Id(0)] Guid Responder, [property: Id(1)] string Name);

/// <summary>An alert as one reader may see it.</summary>
/// <param name="Id">Alert id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Kind">What kind of help.</param>
/// <param name="Version">Grows with every write; fencing token for answers.</param>
/// <param name="Seq">Newest event.</param>
/// <param name="Area">Area of the press.</param>
/// <param name="RaisedAt">When the server took it.</param>
/// <param name="HoldUntil">End of the cancel countdown, or null.</param>
/// <param name="ClosedAt">When it closed, or null.</param>
/// <param name="Silent">The victim's phone must stay quiet.</param>
/// <param name="Note">What the victim wrote; null where the reader may not know it.</param>
/// <param name="Position">Where the victim is; null when unknown or not for this reader.</param>
/// <param name="Receipts">Asked, delivered, seen.</param>
/// <param name="Rescuer">Who comes; null until somebody has accepted.</param>
/// <param name="NobodyYet">60 s have gone and nobody has accepted.</param>
/// <param name="Warnings">What was not readable in the press or was put right.</param>
/// <param name="Staff">What only staff sees; null for others.</param>
/// <param name="Standing">How the reader stands to the alert.</param>
/// <param name="EraseAt">When its data will be destroyed; the victim's only, and only after the close.</param>
/// <param name="Tombstone">What remains, once the data has been destroyed; null before.</param>
/// <param name="Attachments">Photos and recordings, oldest first; null when there are none, or not for this reader.</param>
/// <param name="EvidenceUntil">Until when an evidence file is offered; the victim's only, after the close, and not when she wants nothing kept.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.view")]
public sealed record AlertView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] AlertStatus Status,
    [property: Id(2)] AlertKind Kind,
    [property: Id(3)] long Version,
    [property: Id(4)] long Seq,
    [property: Id(5)] string Area,
    [property: Id(6)] DateTimeOffset RaisedAt,
    [property: Id(7)] DateTimeOffset? HoldUntil,
    [property: Id(8)] DateTimeOffset? ClosedAt,
    [property: Id(9)] bool Silent,
    [property: Id(10)] string? Note,
    [property: Id(11)] PositionFix? Position,
    [property: Id(12)] Receipts Receipts,
    [property: Id(13)] Rescuer? Rescuer,
    [property: Id(14)] bool NobodyYet,
    [property: Id(15)] ImmutableArray<string> Warnings,
    [property: Id(16)] StaffDetail? Staff,
    [property: Id(17)] AlertStanding Standing,
    [property: Id(18)] DateTimeOffset? EraseAt = null,
    [property: Id(19)] AlertTombstone? Tombstone = null,
    [property: Id(20)] ImmutableArray<AttachmentView>? Attachments = null,
    [property: Id(21)] DateTimeOffset? EvidenceUntil = null);

/// <summary>What only staff sees.</summary>
/// <param name="Victim">User id.</param>
/// <param name="DueAt">When the service assigns by itself; null when somebody has it.</param>
/// <param name="RingKilometres">How far the search has gone.</param>
/// <param name="ClaimedBy">Operator who cares for it.</param>
/// <param name="Offers">Everybody asked and what came of it.</param>
/// <param name="CandidateSets">Number of candidate sets kept; read them with <c>candidates/{n}</c>, from 1.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.staff-detail")]
public sealed record StaffDetail(
    [property: Id(0)] Guid Victim,
    [property: Id(1)] DateTimeOffset? DueAt,
    [property: Id(2)] double RingKilometres,
    [property: Id(3)] Guid? ClaimedBy,
    [property: Id(4)] ImmutableArray<OfferView> Offers,
    [property: Id(5)] int CandidateSets);

/// <summary>What came of asking somebody.</summary>
public enum OfferAnswer
{
    /// <summary>No answer yet.</summary>
    Open,

    /// <summary>Goes.</summary>
    Accepted,

    /// <summary>Cannot.</summary>
    Declined,

    /// <summary>Did not answer in time.</summary>
    Silent,

    /// <summary>No longer needed.</summary>
    StoodDown,
}

/// <summary>Somebody asked.</summary>
/// <param name="Responder">User id.</param>
/// <param name="Name">First name; null until she has been reserved.</param>
/// <param name="Assigned">Was assigned (by the service or staff), not only asked.</param>
/// <param name="At">When.</param>
/// <param name="DeliveredAt">On a device, or null.</param>
/// <param name="SeenAt">Looked at, or null.</param>
/// <param name="Answer">What came of it.</param>
/// <param name="EtaSeconds">Estimated when asked.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.offer-view")]
public sealed record OfferView(
    [property: Id(0)] Guid Responder,
    [property: Id(1)] string? Name,
    [property: Id(2)] bool Assigned,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] DateTimeOffset? DeliveredAt,
    [property: Id(5)] DateTimeOffset? SeenAt,
    [property: Id(6)] OfferAnswer Answer,
    [property: Id(7)] double? EtaSeconds);
