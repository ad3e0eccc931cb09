using System.Globalization;
using Sos.Contracts.Geo;
using Sos.Grains.Zones.GeoJson;

namespace Sos.Server.Zones;

/// <summary>What came of a file of zones.</summary>
/// <param name="Imported">Zones made.</param>
/// <param name="Mended">Those of them in which something was mended.</param>
/// <param name="Refused">Features that were refused.</param>
/// <param name="Faults">Why, the first 200.</param>
public sealed record ZoneImportReport(int Imported, int Mended, int Refused, IReadOnlyList<ZoneFileFault> Faults);

/// <summary>A box in a query string, like RFC 7946 writes it: <c>west,south,east,north</c>.</summary>
internal static class BoundingBox
{
    /// <summary>The whole Earth.</summary>
    public static GeoBounds Earth { get; } = new(-90, -180, 90, 180);

    /// <summary>Reads it; the east edge may lie west of the west edge, over the antimeridian.</summary>
    public static bool TryRead(string text, out GeoBounds box)
    {
        box = default;
        var parts = text.Split(',');
        if (parts.Length != 4) return false;
        Span<double> numbers = stackalloc double[4];
        for (var i = 0; i < 4; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])) return false;
        }

        box = new GeoBounds(numbers[1], numbers[0], numbers[3], numbers[2]);
        return GeoPoint.TryCreate(box.South, box.West, out _) && GeoPoint.TryCreate(box.North, box.East, out _) && box.South <= box.North;
    }
}
