using System.Globalization;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Benchmarks.Geo;

/// <summary>People spread evenly over a disc, always the same ones.</summary>
internal sealed class Crowd
{
    private static readonly GeoPoint Middle = new(48.1374, 11.5755);
    private readonly Random _random = new(42);
    private readonly double _metres;

    public Crowd(int people, double metres)
    {
        _metres = metres;
        Entries = [.. Enumerable.Range(0, people).Select(Entry)];
    }

    public CellEntry[] Entries { get; }

    /// <summary>Somewhere on the disc.</summary>
    public GeoPoint Somewhere() => Middle.Travel(_random.NextDouble() * 360, Distance.FromMetres(_metres * Math.Sqrt(_random.NextDouble())));

    /// <summary>The next report of somebody, some metres on.</summary>
    public static CellEntry Next(CellEntry entry, long seq) => entry with
    {
        Seq = seq,
        Point = entry.Point with { Latitude = entry.Point.Latitude + ((seq & 1) == 0 ? 0.0001 : -0.0001) },
    };

    public static string Text(double degrees) => degrees.ToString("F7", CultureInfo.InvariantCulture);

    // The last byte chooses the roster's bucket.
    private static Guid Id(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)number);

    private CellEntry Entry(int number)
    {
        var now = DateTimeOffset.UtcNow;
        var traits = new ResponderTraits(Capabilities.Medical, Transport.Walk, 1, 0.5, now);
        return new CellEntry(Id(number), 1, 1, Somewhere(), now, now.AddMinutes(30), traits);
    }
}
