using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Relatives;

/// <summary>Somebody who shows herself, in a cell.</summary>
/// <param name="Person">User id.</param>
/// <param name="Epoch">Grows with every activation of the person; a newer epoch beats an older one.</param>
/// <param name="Seq">Grows with every report and every change of consent inside an epoch.</param>
/// <param name="Point">Where she is for those who see her exactly; where nobody does, <paramref name="Square"/> too: her exact place is in no cell then.</param>
/// <param name="Square">Where she is for those who see her approximately: the middle of her square.</param>
/// <param name="Accuracy">Radius of the 68 % circle; 0 where nobody sees her exactly.</param>
/// <param name="At">When the position was true; two minutes later she is found no more, and soon dropped.</param>
/// <param name="Grants">Who may find her; at most 20.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.sharing-entry")]
public sealed record SharingEntry(
    [property: Id(0)] Guid Person,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Seq,
    [property: Id(3)] GeoPoint Point,
    [property: Id(4)] GeoPoint Square,
    [property: Id(5)] Distance Accuracy,
    [property: Id(6)] DateTimeOffset At,
    [property: Id(7)] ImmutableArray<ShareGrant> Grants);

/// <summary>A relative within reach of somebody who has just reported; each of the two shows herself to the other.</summary>
/// <param name="Relative">User id.</param>
/// <param name="Point">Where she is, as exactly as she shows herself to the one who has reported.</param>
/// <param name="Precision">How exactly that is.</param>
/// <param name="Distance">Between what the two show each other: both come to the same, and neither learns more from it than she is shown.</param>
/// <param name="Accuracy">Radius of the 68 % circle; 0 for a square.</param>
/// <param name="At">When it was true.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.sighting")]
public readonly record struct RelativeSighting(
    [property: Id(0)] Guid Relative,
    [property: Id(1)] GeoPoint Point,
    [property: Id(2)] SharePrecision Precision,
    [property: Id(3)] Distance Distance,
    [property: Id(4)] Distance Accuracy,
    [property: Id(5)] DateTimeOffset At);

/// <summary>Somebody has left a cell, or its border.</summary>
/// <param name="Person">User id.</param>
/// <param name="Epoch">See <see cref="SharingEntry"/>.</param>
/// <param name="Seq">Entries up to this one are gone, newer ones stay.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.sharing-leave")]
public readonly record struct SharingLeave([property: Id(0)] Guid Person, [property: Id(1)] long Epoch, [property: Id(2)] long Seq);

/// <summary>What has changed in a cell close to a neighbour's edge, a second's worth of it.</summary>
/// <param name="Entries">Who is there.</param>
/// <param name="Leaves">Who is there no more.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.sharing-border")]
public sealed record SharingBorder([property: Id(0)] ImmutableArray<SharingEntry> Entries, [property: Id(1)] ImmutableArray<SharingLeave> Leaves);

/// <summary>Somebody's grain tells a relative's that the two have met or parted.</summary>
/// <param name="Relative">Who tells.</param>
/// <param name="Move">Entering or Exiting.</param>
/// <param name="Point">Where she is, as exactly as she shows herself to the other; null when they have parted: that is beyond the range, and nobody's to know.</param>
/// <param name="Precision">How exactly that is.</param>
/// <param name="Accuracy">Radius of the 68 % circle; 0 for a square.</param>
/// <param name="At">When, by her fix.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.meeting")]
public sealed record RelativeMeeting(
    [property: Id(0)] Guid Relative,
    [property: Id(1)] NearbyMove Move,
    [property: Id(2)] GeoPoint? Point,
    [property: Id(3)] SharePrecision Precision,
    [property: Id(4)] Distance Accuracy,
    [property: Id(5)] DateTimeOffset At);
