using Orleans;

namespace Sos.Contracts.Zones.Cap;

/// <summary>What one round of asking came to.</summary>
/// <param name="Fault">Why it failed, in a word; null: it did not.</param>
/// <param name="ETag">The feed's version; null: not all of it has been taken in, or it has none.</param>
/// <param name="Modified">When the feed was changed, as it says; null as above.</param>
/// <param name="Seen">Marks of the messages that have been taken in; null: as before.</param>
/// <param name="Taken">New warnings.</param>
/// <param name="Ignored">Messages that are no warnings for us.</param>
/// <param name="Refused">What was no message, or could not be fetched.</param>
/// <param name="IsLeft">More is there than one round takes.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.feed-round")]
public sealed record CapFeedRound(
    [property: Id(0)] string? Fault,
    [property: Id(1)] string? ETag,
    [property: Id(2)] string? Modified,
    [property: Id(3)] byte[]? Seen,
    [property: Id(4)] int Taken,
    [property: Id(5)] int Ignored,
    [property: Id(6)] int Refused,
    [property: Id(7)] bool IsLeft);

/// <summary>How a feed is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TriedAt">When it was asked last; null: never.</param>
/// <param name="GoodAt">When it answered last; null: never.</param>
/// <param name="Failures">Failures in a row; 0: it is well.</param>
/// <param name="Fault">What the last one was; null: it is well.</param>
/// <param name="NextAt">When it is asked again, at the earliest.</param>
/// <param name="Taken">Warnings taken from it.</param>
/// <param name="Ignored">Messages that were no warnings for us.</param>
/// <param name="Refused">What was no message, or could not be fetched.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.feed-health")]
public sealed record CapFeedHealth(
    [property: Id(0)] string Name,
    [property: Id(1)] DateTimeOffset? TriedAt,
    [property: Id(2)] DateTimeOffset? GoodAt,
    [property: Id(3)] int Failures,
    [property: Id(4)] string? Fault,
    [property: Id(5)] DateTimeOffset? NextAt,
    [property: Id(6)] long Taken,
    [property: Id(7)] long Ignored,
    [property: Id(8)] long Refused);
