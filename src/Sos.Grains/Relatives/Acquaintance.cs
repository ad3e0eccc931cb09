using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>What somebody has been told of one relative lately; in the memory of her grain only.</summary>
internal sealed class Acquaintance
{
    /// <summary>They are near each other.</summary>
    public bool IsNear { get; set; }

    /// <summary>How she shows herself to the relative.</summary>
    public SharePrecision Own { get; set; }

    /// <summary>Where the relative was by what she has been told.</summary>
    public GeoPoint Point { get; set; }

    /// <summary>How exactly that is.</summary>
    public SharePrecision Precision { get; set; }

    /// <summary>Radius of the 68 % circle, metres; 0 for a square.</summary>
    public double Accuracy { get; set; }

    /// <summary>When that was true.</summary>
    public DateTimeOffset HeardAt { get; set; }

    /// <summary>How far apart the two were by what they show each other, metres …</summary>
    public double Apart { get; set; }

    /// <summary>… at this fix of hers.</summary>
    public DateTimeOffset ApartAt { get; set; }

    /// <summary>When she was told of a change.</summary>
    public DateTimeOffset ToldAt { get; set; }

    /// <summary>Fixes in a row that were too far away.</summary>
    public int Beyond { get; set; }
}
