using System.ComponentModel.DataAnnotations;

namespace Sos.Grains.Zones;

/// <summary>Zones; configuration section <c>Sos:Zones</c>.</summary>
public sealed class ZoneOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sos:Zones";

    /// <summary>A process asks a cell that it looks into again after this: so long a new zone may not be noticed. Default 10 s; 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Cells that a process keeps in memory; beyond it begins anew. Default 20,000; 100 to 1,000,000.</summary>
    [Range(100, 1_000_000)]
    public int MostCells { get; set; } = 20_000;
}
