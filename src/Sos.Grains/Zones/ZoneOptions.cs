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

    /// <summary>After a warning there is no other for so long, whatever zone it is. Default 5 min; 1 min to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Cooldown { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two contacts who are texted one after the other, and between two tries. Default 60 s; 10 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan BetweenContacts { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>So many different people who come into one zone are a crowd, of which operators are told. Default 25; 5, below which they could be known by their number, to 100,000.</summary>
    [Range(5, 100_000)]
    public int CrowdOf { get; set; } = 25;

    /// <summary>… within this time. Default 10 min; 1 min to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan CrowdWithin { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Of the crowd of one zone they are told at most so often. Default 30 min; 1 min to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan CrowdEvery { get; set; } = TimeSpan.FromMinutes(30);
}
