using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Tests.Zones;

/// <summary>Made-up zones, and what can be said of them by looking everywhere.</summary>
internal static class Drawings
{
    /// <summary>A star of some points around a place, with a hole in its middle where asked for.</summary>
    public static ZoneShape Star(Random random, GeoPoint middle, double metres, int points, bool hole = false)
    {
        var rings = ImmutableArray.Create(Ring(random, middle, metres * 0.5, metres, points));
        if (hole) rings = rings.Add(Ring(random, middle, metres * 0.1, metres * 0.3, Math.Max(3, points / 2)));
        return ZoneShape.Of([new ZonePolygon(rings)]);
    }

    public static ZoneShape Street(Random random, GeoPoint from, int points, double halfWidth)
    {
        var line = ImmutableArray.CreateBuilder<GeoPoint>();
        var bearing = random.NextDouble() * 360;
        for (var at = from; line.Count < points; at = at.Travel(bearing += random.Next(-70, 70), Distance.FromMetres(random.Next(50, 800)))) line.Add(at);
        return ZoneShape.Corridor(line.ToImmutable(), Distance.FromMetres(halfWidth));
    }

    public static GeoPoint Somewhere(Random random, double highest = 80) =>
        new((random.NextDouble() * 2 - 1) * highest, random.Next(3) == 0 ? Wrapped(180 + (random.NextDouble() - 0.5) * 0.02) : random.NextDouble() * 360 - 180);

    public static double Wrapped(double longitude) => longitude > 180 ? longitude - 360 : longitude;

    /// <summary>Inside by the angle that the ring turns around the point.</summary>
    public static bool Contains(ZoneShape shape, GeoPoint point)
    {
        if (shape.Form != ZoneForm.Polygon) return Edges(shape).Min(e => Along(e.From, e.To).Min(p => p.DistanceTo(point).Metres)) <= shape.Radius.Metres;
        return shape.Polygons.Any(polygon => Turns(polygon.Rings[0], point) && !polygon.Rings.Skip(1).Any(hole => Turns(hole, point)));
    }

    /// <summary>Distance to the edge by walking along all of it.</summary>
    public static double ToEdge(ZoneShape shape, GeoPoint point)
    {
        var least = Edges(shape).Min(e => Along(e.From, e.To).Min(p => p.DistanceTo(point).Metres));
        return shape.Form == ZoneForm.Polygon ? least : Math.Abs(least - shape.Radius.Metres);
    }

    /// <summary>A point of the straight way between two.</summary>
    public static GeoPoint Between(GeoPoint from, GeoPoint to, double share) =>
        new(from.Latitude + share * (to.Latitude - from.Latitude), Wrapped(from.Longitude + share * ZoneBox.Turn(to.Longitude - from.Longitude)));

    private static ImmutableArray<GeoPoint> Ring(Random random, GeoPoint middle, double least, double most, int points) =>
        [.. Enumerable.Range(0, points).Select(i => middle.Travel(360.0 * i / points, Distance.FromMetres(least + random.NextDouble() * (most - least))))];

    private static IEnumerable<(GeoPoint From, GeoPoint To)> Edges(ZoneShape shape) => shape.Form switch
    {
        ZoneForm.Polygon => shape.Polygons.SelectMany(p => p.Rings).SelectMany(ring => ring.Select((point, i) => (point, ring[(i + 1) % ring.Length]))),
        ZoneForm.Circle => [(shape.Path[0], shape.Path[0])],
        _ => shape.Path.Zip(shape.Path.Skip(1)),
    };

    private static IEnumerable<GeoPoint> Along(GeoPoint from, GeoPoint to)
    {
        var steps = (int)(from.DistanceTo(to).Metres / 2) + 2;
        for (var i = 0; i <= steps; i++) yield return Between(from, to, (double)i / steps);
    }

    private static bool Turns(ImmutableArray<GeoPoint> ring, GeoPoint point)
    {
        var turned = 0.0;
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (ring[i], ring[(i + 1) % ring.Length]);
            var (ax, bx) = (ZoneBox.Turn(a.Longitude - point.Longitude), ZoneBox.Turn(b.Longitude - point.Longitude));
            var angle = Math.Atan2(b.Latitude - point.Latitude, bx) - Math.Atan2(a.Latitude - point.Latitude, ax);
            turned += angle > Math.PI ? angle - 2 * Math.PI : angle < -Math.PI ? angle + 2 * Math.PI : angle;
        }

        return Math.Abs(turned) > Math.PI;
    }
}
