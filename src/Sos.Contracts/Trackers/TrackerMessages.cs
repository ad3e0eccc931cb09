using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Trackers;

/// <summary>What speaks: an app on a phone, or a device that speaks as one.</summary>
public enum TrackerKind
{
    /// <summary>Traccar Client, or a device behind a Traccar server.</summary>
    Traccar,

    /// <summary>OsmAnd's online tracking, and whatever fills a template of an address.</summary>
    Osmand,

    /// <summary>OwnTracks in its HTTP mode.</summary>
    Owntracks,

    /// <summary>Overland.</summary>
    Overland,
}

/// <summary>A tracker that is added.</summary>
/// <param name="Id">New id.</param>
/// <param name="Name">1 to 40 characters.</param>
/// <param name="Kind">What speaks.</param>
/// <param name="TokenHash">Keyed hash of its token.</param>
[GenerateSerializer, Immutable, Alias("sos.trackers.draft")]
public sealed record TrackerDraft([property: Id(0)] Guid Id, [property: Id(1)] string Name, [property: Id(2)] TrackerKind Kind, [property: Id(3)] string TokenHash);

/// <summary>A tracker of a person.</summary>
/// <param name="Id">Tracker id.</param>
/// <param name="Name">As given.</param>
/// <param name="Kind">What speaks.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="LastSeenAt">When it was heard of last, after a restart to the hour; null: never.</param>
/// <param name="Last">What it said last; null when nothing since the last start of its owner's activation.</param>
/// <param name="ShowsRelatives">Answers to it hold where its owner's relatives are who show themselves to her: whoever has its token reads that.</param>
[GenerateSerializer, Immutable, Alias("sos.trackers.tracker")]
public sealed record Tracker(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] TrackerKind Kind,
    [property: Id(3)] DateTimeOffset AddedAt,
    [property: Id(4)] DateTimeOffset? LastSeenAt,
    [property: Id(5)] TrackerSign? Last,
    [property: Id(6)] bool ShowsRelatives);

/// <summary>What a tracker said about itself; no place.</summary>
/// <param name="At">When, by the service's clock.</param>
/// <param name="Battery">0 to 100 %; null: not said.</param>
/// <param name="Speed">How fast it moved; null: not said.</param>
/// <param name="Problem">What of it could not be used, in words for its owner; null: nothing.</param>
[GenerateSerializer, Immutable, Alias("sos.trackers.sign")]
public sealed record TrackerSign(
    [property: Id(0)] DateTimeOffset At, [property: Id(1)] double? Battery, [property: Id(2)] Speed? Speed, [property: Id(3)] string? Problem);
