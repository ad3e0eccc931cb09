using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones.GeoJson;

/// <summary>How much of a file is read.</summary>
public sealed record ZoneFileLimits
{
    /// <summary>Most features. Default 10,000.</summary>
    public int MostFeatures { get; init; } = 10_000;

    /// <summary>Most points of all features together. Default 1,000,000.</summary>
    public int MostPoints { get; init; } = 1_000_000;

    /// <summary>Longest feature in bytes, which is also what reading needs at most. Default 1 MiB.</summary>
    public int LongestFeature { get; init; } = 1 << 20;
}

/// <summary>Why a feature, or the whole file, is refused.</summary>
/// <param name="Feature">Its number from 1; 0: the file, and nothing after it was read.</param>
/// <param name="Code">A word that never changes, like <c>too-few-points</c>.</param>
/// <param name="Detail">A sentence.</param>
public sealed record ZoneFileFault(int Feature, string Code, string Detail);

/// <summary>What came of one feature: exactly one of zone and fault is there.</summary>
/// <param name="Feature">Its number from 1; 0: the file.</param>
/// <param name="Draft">The zone.</param>
/// <param name="Repairs">What was mended in it.</param>
/// <param name="Fault">Why it is none.</param>
public readonly record struct ZoneFileItem(int Feature, ZoneDraft? Draft, ShapeRepairs Repairs, ZoneFileFault? Fault)
{
    internal static ZoneFileItem Refused(int feature, string code, string detail) => new(feature, null, ShapeRepairs.None, new ZoneFileFault(feature, code, detail));
}
