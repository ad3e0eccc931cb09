using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Relatives;

/// <summary>How exactly somebody is shown.</summary>
public enum SharePrecision
{
    /// <summary>As her device says.</summary>
    Exact,

    /// <summary>The middle of a square of about a kilometre that she is in: where she is to the kilometre, whoever asks and however often.</summary>
    Approximate,
}

/// <summary>One person shows another where she is.</summary>
/// <param name="Viewer">User id of who may see her.</param>
/// <param name="Precision">How exactly.</param>
/// <param name="Until">When it ends by itself; null: until she ends it.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.grant")]
public sealed record ShareGrant([property: Id(0)] Guid Viewer, [property: Id(1)] SharePrecision Precision, [property: Id(2)] DateTimeOffset? Until);

/// <summary>To whom somebody shows herself at the moment: only people on both sides of an accepted relation, neither of whom has paused, blocked or switched off.</summary>
/// <param name="Version">Grows with every change; an older one changes nothing.</param>
/// <param name="Shares">At most 20; empty: she is in no cell, and nobody finds her.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.policy")]
public sealed record SharingPolicy([property: Id(0)] long Version, [property: Id(1)] ImmutableArray<ShareGrant> Shares);

/// <summary>What has happened between two relatives.</summary>
public enum NearbyMove
{
    /// <summary>They have come within range of each other.</summary>
    Entering,

    /// <summary>They are still within range; at most one in 10 minutes.</summary>
    InRange,

    /// <summary>They have gone out of range.</summary>
    Exiting,
}

/// <summary>A relative has come near, is near, or has gone. Only where each shows herself to the other: both are told, or neither.</summary>
/// <param name="Relative">User id of the other.</param>
/// <param name="Move">What has happened.</param>
/// <param name="At">When, by the reporter's fix.</param>
/// <param name="Distance">Between the two, as exactly as the other is shown.</param>
/// <param name="Point">Where the other is, as exactly as she is shown; null when she has gone.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.nearby-change")]
public sealed record NearbyChange(
    [property: Id(0)] Guid Relative, [property: Id(1)] NearbyMove Move, [property: Id(2)] DateTimeOffset At, [property: Id(3)] Distance Distance, [property: Id(4)] GeoPoint? Point);
