using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Relatives;

/// <summary>How far back a relative may see where somebody was.</summary>
public enum TrailWindow
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>An hour.</summary>
    Hour,

    /// <summary>24 hours.</summary>
    Day,

    /// <summary>Seven days.</summary>
    Week,
}

/// <summary>Whether somebody keeps a trail, and for how long.</summary>
/// <param name="Enabled">Her positions are kept; off until she says so.</param>
/// <param name="KeepHours">Whole hours after which a position is deleted; 1 to <see cref="MostHours"/>.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.trail-settings")]
public sealed record TrailSettings([property: Id(0)] bool Enabled, [property: Id(1)] int KeepHours)
{
    /// <summary>Where she has not said.</summary>
    public const int UsualHours = 24;

    /// <summary>Seven days.</summary>
    public const int MostHours = 168;
}

/// <summary>Where somebody was.</summary>
/// <param name="Fix">The position.</param>
/// <param name="Square">The middle of the square that whoever sees her approximately saw her in then.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.trail-point")]
public sealed record TrailPoint([property: Id(0)] PositionFix Fix, [property: Id(1)] GeoPoint Square);
