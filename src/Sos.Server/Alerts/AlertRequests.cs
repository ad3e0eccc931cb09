using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Server.Geo;

namespace Sos.Server.Alerts;

/// <summary>A press of the SOS button. Every member may be missing or wrong: what cannot be read becomes a warning, never a refusal.</summary>
/// <param name="Id">UUIDv7 made by the client: the same press again has the same id.</param>
/// <param name="Kind">What kind of help.</param>
/// <param name="Position">Where.</param>
/// <param name="Note">At most 2,000 characters, cut.</param>
/// <param name="Silent">The phone makes no sound and shows no incoming call.</param>
/// <param name="HoldSeconds">Cancel countdown, 0 to 10: nobody is asked before it ends.</param>
/// <param name="PressedAt">When the button was pressed.</param>
public sealed record PressRequest(
    Guid? Id = null, AlertKind? Kind = null, PositionRequest? Position = null, string? Note = null, bool? Silent = null, double? HoldSeconds = null,
    DateTimeOffset? PressedAt = null);

/// <summary>More about an open alert of one's own; what is left out stays.</summary>
/// <param name="Note">Added to what is there; at most 2,000 characters.</param>
/// <param name="Kind">Now known to be of this kind.</param>
/// <param name="Position">A newer position.</param>
public sealed record AppendRequest(string? Note = null, AlertKind? Kind = null, PositionRequest? Position = null);

/// <summary>Calls an alert off.</summary>
/// <param name="Reason">At most 500 characters.</param>
public sealed record CancelRequest(string? Reason = null);

/// <summary>What a responder does.</summary>
/// <param name="Version">The version in the inbox item or view that she acts on.</param>
/// <param name="Note">At most 2,000 characters.</param>
public sealed record MoveRequest(long Version, string? Note = null);

/// <summary>A receipt of an inbox item.</summary>
/// <param name="Seen">False: it is on the device. True: it was looked at.</param>
public sealed record ReceiptRequest(bool Seen);

/// <summary>A page of a listing.</summary>
/// <param name="Alerts">Newest first.</param>
/// <param name="Cursor">For the next page; left out at the end.</param>
public sealed record AlertList(IReadOnlyList<AlertListItem> Alerts, string? Cursor)
{
    internal static AlertList Of(AlertIndexPage page) => new([.. page.Entries.Select(e => new AlertListItem(e.AlertId, e.RaisedAt, e.Status, e.Kind))], page.Cursor);
}

/// <summary>An alert in a listing.</summary>
/// <param name="Id">Alert id.</param>
/// <param name="RaisedAt">When it was taken.</param>
/// <param name="Status">Raised or closed; in between see the alert itself.</param>
/// <param name="Kind">What kind of help.</param>
public sealed record AlertListItem(Guid Id, DateTimeOffset RaisedAt, AlertStatus Status, AlertKind Kind);

/// <summary>Where a victim went.</summary>
/// <param name="Fixes">Oldest first.</param>
public sealed record TrackView(ImmutableArray<Contracts.Geo.PositionFix> Fixes);

/// <summary>Where an attachment can be read, for the one who asked.</summary>
/// <param name="Url">Path on this server. GET it as it is, without a header; it is good for nobody else's eyes.</param>
/// <param name="ExpiresAt">Until when; at most 5 minutes from now, and no longer than the caller may see the attachment.</param>
public sealed record AttachmentUrl(string Url, DateTimeOffset ExpiresAt);
