using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Alerts;

/// <summary>An alert as it stands on the board of its area.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Area">Its area.</param>
/// <param name="Seq">Newest event; an entry with a lower one is older.</param>
/// <param name="Version">The alert's version.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Kind">What kind of help.</param>
/// <param name="RaisedAt">When it was taken.</param>
/// <param name="DueAt">When the service assigns by itself, or null.</param>
/// <param name="Position">Where, or null.</param>
/// <param name="Helper">First name of who has it, or null.</param>
/// <param name="ClaimedBy">Operator who cares for it, or null.</param>
/// <param name="NeedsStaff">Nobody is left to ask: a person must act.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.board-entry")]
public sealed record BoardEntry(
    [property: Id(0)] Guid AlertId,
    [property: Id(1)] string Area,
    [property: Id(2)] long Seq,
    [property: Id(3)] long Version,
    [property: Id(4)] AlertStatus Status,
    [property: Id(5)] AlertKind Kind,
    [property: Id(6)] DateTimeOffset RaisedAt,
    [property: Id(7)] DateTimeOffset? DueAt,
    [property: Id(8)] PositionFix? Position,
    [property: Id(9)] string? Helper,
    [property: Id(10)] Guid? ClaimedBy,
    [property: Id(11)] bool NeedsStaff);

/// <summary>What travels on the <c>alerts</c> stream of an area: an event as staff sees it, and the entry it leaves on the board.</summary>
/// <param name="Event">The event.</param>
/// <param name="Entry">The alert afterwards.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.stream-item")]
public sealed record AlertStreamItem([property: Id(0)] AlertEvent Event, [property: Id(1)] BoardEntry Entry);

/// <summary>An alert in a listing.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="RaisedAt">When it was taken; listings are newest first by (raised, id).</param>
/// <param name="Status">Status when it was listed last.</param>
/// <param name="Kind">What kind of help.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.index-entry")]
public sealed record AlertIndexEntry(
    [property: Id(0)] Guid AlertId,
    [property: Id(1)] DateTimeOffset RaisedAt,
    [property: Id(2)] AlertStatus Status,
    [property: Id(3)] AlertKind Kind);
