using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones.Geometry;

/// <summary>
/// Rings in one frame without a jump: longitudes go on beyond 180 where a ring crosses the antimeridian, parts that were cut there lie side by side,
/// and a ring around a pole is closed along it.
/// </summary>
internal static class FrameRings
{
    /// <summary>All rings of the polygons, x longitude and y latitude in degrees.</summary>
    public static List<(double X, double Y)[]> Of(ImmutableArray<ZonePolygon> polygons)
    {
        var rings = new List<(double X, double Y)[]>();
        double? frame = null;
        foreach (var polygon in polygons)
        {
            double? shell = null;
            foreach (var ring in polygon.Rings)
            {
                var unrolled = Unrolled(ring);
                var near = shell ?? frame;
                if (near is { } middle) Shift(unrolled, 360 * Math.Round((middle - Middle(unrolled)) / 360));
                shell ??= Middle(unrolled);
                frame ??= shell;
                rings.Add(unrolled);
            }
        }

        if (rings.Count == 0) return rings;
        var west = rings.Min(ring => ring.Min(p => p.X));
        var home = west is >= -180 and <= 180 ? 0 : -360 * Math.Floor((west + 180) / 360);
        foreach (var ring in rings) Shift(ring, home);
        return rings;
    }

    /// <summary>One ring without jumps, from its own first longitude.</summary>
    public static (double X, double Y)[] Unrolled(ImmutableArray<GeoPoint> ring)
    {
        var points = new List<(double X, double Y)>(ring.Length + 2) { (ring[0].Longitude, ring[0].Latitude) };
        for (var i = 1; i < ring.Length; i++) points.Add((points[^1].X + Step(ring[i - 1], ring[i]), ring[i].Latitude));
        var net = points[^1].X + Step(ring[^1], ring[0]) - points[0].X;
        if (Math.Abs(net) > 180)
        {
            // Once around the Earth: what it encloses is a pole, the one it lies nearer to.
            var pole = points.Average(p => p.Y) >= 0 ? 90 : -90;
            var (first, end) = (points[0], points[0].X + net);
            points.Add((end, first.Y));
            points.Add((end, pole));
            points.Add((first.X, pole));
        }

        return [.. points];
    }

    // A whole turn between two points on the antimeridian is a band around the Earth, drawn as such; anything else longer than a half goes the other way.
    private static double Step(GeoPoint from, GeoPoint to)
    {
        var step = to.Longitude - from.Longitude;
        return Math.Abs(step) == 360 ? step : ZoneBox.Turn(step);
    }

    private static double Middle((double X, double Y)[] ring) => (ring.Min(p => p.X) + ring.Max(p => p.X)) / 2;

    private static void Shift((double X, double Y)[] ring, double degrees)
    {
        if (degrees == 0) return;
        for (var i = 0; i < ring.Length; i++) ring[i].X += degrees;
    }
}
