using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Alerts;

/// <summary>A press of the SOS button, as far as it could be read.</summary>
/// <param name="Victim">User id.</param>
/// <param name="Kind">What kind of help.</param>
/// <param name="Position">Where; null when unknown.</param>
/// <param name="Note">At most 2,000 characters, cut.</param>
/// <param name="Silent">The victim's phone makes no sound and shows no incoming call.</param>
/// <param name="HoldUntil">End of the cancel countdown: nobody is asked before it; null: at once. At most 10 s from now.</param>
/// <param name="PressedAt">When the button was pressed, by the server's clock.</param>
/// <param name="Fingerprint">Hash of the request where an Idempotency-Key was sent, else null.</param>
/// <param name="Warnings">What could not be read or was put right, in stable words.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.raise")]
public sealed record RaiseCommand(
    [property: Id(0)] Guid Victim,
    [property: Id(1)] AlertKind Kind,
    [property: Id(2)] PositionFix? Position,
    [property: Id(3)] string? Note,
    [property: Id(4)] bool Silent,
    [property: Id(5)] DateTimeOffset? HoldUntil,
    [property: Id(6)] DateTimeOffset PressedAt,
    [property: Id(7)] string? Fingerprint,
    [property: Id(8)] ImmutableArray<string> Warnings);

/// <summary>Names a command so that its repeat is answered with the first answer.</summary>
/// <param name="Key">The Idempotency-Key, at most 64 characters.</param>
/// <param name="Fingerprint">Hash of the request; the same key with another one is refused.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.command-key")]
public sealed record CommandKey([property: Id(0)] string Key, [property: Id(1)] string Fingerprint);

/// <summary>More data for an open alert; null members add nothing.</summary>
/// <param name="Victim">Must be the alert's own.</param>
/// <param name="Position">A newer position.</param>
/// <param name="Note">Added to what is there.</param>
/// <param name="Kind">Now known to be of this kind.</param>
/// <param name="IsPress">A further press, merged into the alert: told to staff.</param>
/// <param name="Key">Idempotency, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.append")]
public sealed record AppendCommand(
    [property: Id(0)] Guid Victim,
    [property: Id(1)] PositionFix? Position,
    [property: Id(2)] string? Note,
    [property: Id(3)] AlertKind? Kind,
    [property: Id(4)] bool IsPress,
    [property: Id(5)] CommandKey? Key);

/// <summary>The victim calls the alert off.</summary>
/// <param name="Victim">Must be the alert's own.</param>
/// <param name="Reason">Her words, or null.</param>
/// <param name="Key">Idempotency, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.cancel")]
public sealed record CancelCommand([property: Id(0)] Guid Victim, [property: Id(1)] string? Reason, [property: Id(2)] CommandKey? Key);

/// <summary>What a responder does.</summary>
public enum ResponderMove
{
    /// <summary>I go.</summary>
    Accept,

    /// <summary>I cannot; also after having accepted.</summary>
    Decline,

    /// <summary>I am under way.</summary>
    EnRoute,

    /// <summary>I am there.</summary>
    OnScene,

    /// <summary>Helped.</summary>
    Resolve,
}

/// <summary>A responder's act.</summary>
/// <param name="Responder">User id.</param>
/// <param name="Move">What she does.</param>
/// <param name="Version">Fencing token: the version in the inbox item or view that she acts on; an older one than her assignment's is refused.</param>
/// <param name="Note">Her words, or null.</param>
/// <param name="Key">Idempotency, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.respond")]
public sealed record RespondCommand(
    [property: Id(0)] Guid Responder,
    [property: Id(1)] ResponderMove Move,
    [property: Id(2)] long Version,
    [property: Id(3)] string? Note,
    [property: Id(4)] CommandKey? Key);

/// <summary>A receipt of a responder's device.</summary>
/// <param name="Responder">User id.</param>
/// <param name="Seen">False: delivered. True: looked at (and so delivered).</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.receipt")]
public sealed record ReceiptCommand([property: Id(0)] Guid Responder, [property: Id(1)] bool Seen);

/// <summary>What staff does.</summary>
public enum StaffMove
{
    /// <summary>Takes the alert into her care.</summary>
    Claim,

    /// <summary>Gives it back.</summary>
    Unclaim,

    /// <summary>Assigns a responder; another one who holds it is stood down.</summary>
    Assign,

    /// <summary>Takes the responder off; the search goes on.</summary>
    Unassign,

    /// <summary>Adds a note.</summary>
    Note,

    /// <summary>Closes as helped.</summary>
    Close,

    /// <summary>Closes as false alarm.</summary>
    MarkFalse,
}

/// <summary>An act of staff; kept in the alert's own record with its reason.</summary>
/// <param name="Staff">User id.</param>
/// <param name="Areas">Areas of that operator; "*" is every area.</param>
/// <param name="Move">What she does.</param>
/// <param name="Responder">For <see cref="StaffMove.Assign"/>: whom. For <see cref="StaffMove.Unassign"/>: only if it is she, and then also on the scene.</param>
/// <param name="Reason">Why; required, at most 500 characters.</param>
/// <param name="Version">The version she acts on; null: whatever it is.</param>
/// <param name="Key">Idempotency, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.direct")]
public sealed record StaffCommand(
    [property: Id(0)] Guid Staff,
    [property: Id(1)] ImmutableArray<string> Areas,
    [property: Id(2)] StaffMove Move,
    [property: Id(3)] Guid? Responder,
    [property: Id(4)] string Reason,
    [property: Id(5)] long? Version,
    [property: Id(6)] CommandKey? Key);

/// <summary>Somebody who wants to see an alert.</summary>
/// <param name="User">User id.</param>
/// <param name="IsStaff">Asks as operator or administrator.</param>
/// <param name="Areas">Areas of staff; "*" is every area.</param>
/// <param name="OwnOnly">Her credential is good for her own alerts only, whatever she is to others.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.reader")]
public sealed record AlertReader([property: Id(0)] Guid User, [property: Id(1)] bool IsStaff, [property: Id(2)] ImmutableArray<string> Areas, [property: Id(3)] bool OwnOnly = false);

/// <summary>How long a person keeps her closed alert's data.</summary>
/// <param name="Victim">User id of the caller.</param>
/// <param name="Days">1 to 90 from the close; null: no longer than everybody's.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.hold")]
public sealed record HoldCommand([property: Id(0)] Guid Victim, [property: Id(1)] int? Days)
{
    /// <summary>Longest hold in days.</summary>
    public const int MostDays = 90;
}

/// <summary>What the pump brought about since the last time.</summary>
/// <param name="Done">Outbox items that need not be sent again.</param>
/// <param name="Failed">Outbox items to be tried again later.</param>
/// <param name="Reached">Per inbox delivery: the responder and how many processes held connections of hers.</param>
/// <param name="PublishedSeq">Events up to here have been told.</param>
/// <param name="StaffReached">How many people a call for staff reached; null when there was none.</param>
/// <param name="TrackKept">Fixes that are now in track segments.</param>
/// <param name="ContactsReached">Emergency contacts whose message about the press was taken.</param>
/// <param name="AuditedSeq">What staff did up to this event is in the audit; null when nothing was brought there.</param>
/// <param name="EraseAtOnce">The victim wants nothing kept: the key is destroyed as soon as everything is told.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.pump-results")]
public sealed record PumpResults(
    [property: Id(0)] ImmutableArray<long> Done,
    [property: Id(1)] ImmutableArray<long> Failed,
    [property: Id(2)] ImmutableArray<ReachedResponder> Reached,
    [property: Id(3)] long PublishedSeq,
    [property: Id(4)] int? StaffReached,
    [property: Id(5)] int TrackKept,
    [property: Id(6)] int ContactsReached,
    [property: Id(7)] long? AuditedSeq = null,
    [property: Id(8)] bool EraseAtOnce = false);

/// <summary>An inbox item was put in.</summary>
/// <param name="Responder">User id.</param>
/// <param name="Devices">Processes that hold connections of hers.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.reached")]
public sealed record ReachedResponder([property: Id(0)] Guid Responder, [property: Id(1)] int Devices);
