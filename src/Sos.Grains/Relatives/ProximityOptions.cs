using System.ComponentModel.DataAnnotations;
using Sos.Contracts.Geo;

namespace Sos.Grains.Relatives;

/// <summary>When relatives are near; configuration section <c>Sos:Proximity</c>.</summary>
public sealed class ProximityOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sos:Proximity";

    /// <summary>Leaving takes so many times the range …</summary>
    private const double LeaveFactor = 1.15;

    /// <summary>… and what the two devices admit to be wrong by, at most this, metres: who is less sure than that is not kept for ever.</summary>
    private const double MostAccuracy = 250;

    /// <summary>Within this of each other relatives are near, metres. Default 1,000; 100 to 2,000.</summary>
    [Range(100, 2_000)]
    public double RangeMetres { get; set; } = 1_000;

    /// <summary>A position counts for so long; who is told later is told nothing. Default 2 min; 30 s to 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "00:30:00")]
    public TimeSpan SeenFor { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Who stays near is told of again after this. Default 10 min; 1 min to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan InRangeEvery { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often cells tell their neighbours who is close to them. Default 1 s; 0.2 to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:00:10")]
    public TimeSpan BorderEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Nobody further than this is answered.</summary>
    internal Distance Reach => LeaveAt(MostAccuracy);

    /// <summary>
    /// How far an entry is sent: whoever is within <see cref="Reach"/> by what the two show each other may herself be a square's reach further away.
    /// </summary>
    internal Distance Band => Distance.FromMetres(Reach.Metres + SharingSquares.Reach);

    /// <summary>From where on two relatives are not near any more.</summary>
    /// <param name="accuracies">What both devices admit to be wrong by, metres in all.</param>
    internal Distance LeaveAt(double accuracies) => Distance.FromMetres(LeaveFactor * RangeMetres + Math.Min(accuracies, MostAccuracy));
}
