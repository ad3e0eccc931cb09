using Sos.Contracts.Geo;

namespace Sos.Grains.Relatives;

/// <summary>
/// The fixed squares of about a kilometre, all over the Earth, in whose middle somebody stands who shows herself approximately. Rows of equal height; each is cut
/// into as many columns as make none wider than its rows are high.
/// </summary>
internal static class SharingSquares
{
    /// <summary>Rows from pole to pole: half the Earth's circumference in kilometres.</summary>
    private const int Rows = 20_015;

    private const double Height = 180.0 / Rows;

    /// <summary>
    /// Nobody is further than this from the middle she is shown at, metres. The corners of her square are at 707; what is left is how far she goes beyond its edge
    /// before she is in the next: somebody who lives on an edge does not jump to and fro.
    /// </summary>
    public const double Reach = 850;

    /// <summary>The middle of the square of a point.</summary>
    public static GeoPoint Middle(GeoPoint point)
    {
        var row = Math.Min(Rows - 1, Math.Floor((point.Latitude + 90) / Height));
        var (south, north) = (-90 + row * Height, -90 + (row + 1) * Height);
        var widest = south < 0 && north > 0 ? 0 : Math.Min(Math.Abs(south), Math.Abs(north));
        var columns = Math.Max(1, Math.Ceiling(Math.Cos(double.DegreesToRadians(widest)) * 2 * Rows));
        var column = Math.Min(columns - 1, Math.Floor((point.Longitude + 180) / 360 * columns));
        return new GeoPoint((south + north) / 2, -180 + (column + 0.5) * 360 / columns);
    }

    /// <summary>The middle that somebody is shown at: the one before for as long as she is within <see cref="Reach"/> of it.</summary>
    public static GeoPoint Follow(GeoPoint? before, GeoPoint point) => before is { } middle && point.DistanceTo(middle).Metres <= Reach ? middle : Middle(point);
}
