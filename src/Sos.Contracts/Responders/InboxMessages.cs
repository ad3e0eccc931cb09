using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Responders;

/// <summary>What an inbox item asks of a responder.</summary>
public enum InboxKind
{
    /// <summary>Can you go? Answered with accept or decline.</summary>
    Offer,

    /// <summary>You are expected: answer within the answer time, or the next is asked.</summary>
    Assigned,

    /// <summary>No longer needed.</summary>
    StandDown,

    /// <summary>An alert she holds has changed (position, note, closed).</summary>
    Update,
}

/// <summary>
/// What a responder is told about an alert. Before she has accepted: cell, kind, distance, ETA; after it the position; nothing after close.
/// </summary>
/// <param name="Kind">Kind of the alert.</param>
/// <param name="Cell">Geohash-5 cell of the victim; null when the position is unknown.</param>
/// <param name="Position">Exact position; null until she has accepted.</param>
/// <param name="DistanceMetres">From her position when she was chosen; null when unknown.</param>
/// <param name="EtaSeconds">Estimated; null when unknown.</param>
/// <param name="AnswerBy">When the next is asked; null where no answer is due.</param>
/// <param name="DoNotEnter">Wait at a safe distance: police or staff first (safety alerts).</param>
[GenerateSerializer, Immutable, Alias("sos.responders.briefing")]
public sealed record Briefing(
    [property: Id(0)] AlertKind Kind,
    [property: Id(1)] string? Cell,
    [property: Id(2)] PositionFix? Position,
    [property: Id(3)] double? DistanceMetres,
    [property: Id(4)] double? EtaSeconds,
    [property: Id(5)] DateTimeOffset? AnswerBy,
    [property: Id(6)] bool DoNotEnter);

/// <summary>An item on its way into an inbox.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Version">The alert's version when the item was written: the fencing token of answers.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Round">Number of the request; (alert, kind, round) is delivered once.</param>
/// <param name="Briefing">What she may know; null for a stand-down.</param>
/// <param name="Reason">Words for a stand-down or update; null otherwise.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.delivery")]
public sealed record InboxDelivery(
    [property: Id(0)] Guid AlertId,
    [property: Id(1)] long Version,
    [property: Id(2)] InboxKind Kind,
    [property: Id(3)] int Round,
    [property: Id(4)] Briefing? Briefing,
    [property: Id(5)] string? Reason);

/// <summary>An item in an inbox.</summary>
/// <param name="Seq">Grows by one with each item of this responder.</param>
/// <param name="At">When it was put in.</param>
/// <param name="Delivery">The item.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.inbox-item")]
public sealed record InboxItem([property: Id(0)] long Seq, [property: Id(1)] DateTimeOffset At, [property: Id(2)] InboxDelivery Delivery);

/// <summary>The item is durable.</summary>
/// <param name="Seq">Its sequence number.</param>
/// <param name="Devices">Processes that hold connections of hers and were told; 0: nobody, a text message is next.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.inbox-receipt")]
public sealed record InboxReceipt([property: Id(0)] long Seq, [property: Id(1)] int Devices);
