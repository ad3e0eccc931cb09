using System.Collections.Immutable;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones.Geometry;

/// <summary>Polygons as the geometry library sees them: in one frame of longitudes, and back.</summary>
internal static class PlanarShape
{
    private static readonly GeometryFactory Factory = new();

    /// <summary>All polygons as one geometry, without jumps at the antimeridian.</summary>
    public static MultiPolygon Of(ImmutableArray<ZonePolygon> polygons)
    {
        var rings = new Queue<(double X, double Y)[]>(FrameRings.Of(polygons));
        return Factory.CreateMultiPolygon([.. polygons.Select(polygon =>
        {
            var own = polygon.Rings.Select(_ => Ring(rings.Dequeue())).ToArray();
            return Factory.CreatePolygon(own[0], own[1..]);
        })]);
    }

    /// <summary>The polygons of a geometry, longitudes back within −180 to 180, outer rings counter-clockwise and holes clockwise (RFC 7946, 3.1.6).</summary>
    public static ImmutableArray<ZonePolygon> Back(NetTopologySuite.Geometries.Geometry geometry)
    {
        var polygons = ImmutableArray.CreateBuilder<ZonePolygon>();
        for (var i = 0; i < geometry.NumGeometries; i++)
        {
            if (geometry.GetGeometryN(i) is not Polygon { IsEmpty: false } polygon || polygon.Area == 0) continue;
            polygons.Add(new ZonePolygon([Points(polygon.Shell, counterClockwise: true), .. polygon.Holes.Select(hole => Points(hole, counterClockwise: false))]));
        }

        return polygons.ToImmutable();
    }

    /// <summary>
    /// The same polygons cut along the antimeridian where they cross it, as RFC 7946 (3.1.9) asks of whoever writes, and wound as it asks.
    /// </summary>
    public static ImmutableArray<ZonePolygon> Cut(ImmutableArray<ZonePolygon> polygons)
    {
        var whole = Of(polygons);
        var box = whole.EnvelopeInternal;
        if (box.MaxX <= 180) return Back(whole);
        var (west, east) = (whole.Intersection(Band(-180)), whole.Intersection(Band(180)));
        return [.. Back(west), .. Back(east)];
    }

    /// <summary>The polygon around a line, good to a percent for lines of some hundred kilometres: it is drawn where a degree of longitude is as long as at the middle of the line.</summary>
    public static ImmutableArray<ZonePolygon> Around(ImmutableArray<GeoPoint> line, Distance radius)
    {
        var points = new List<Coordinate> { new(line[0].Longitude, line[0].Latitude) };
        for (var i = 1; i < line.Length; i++) points.Add(new Coordinate(points[^1].X + ZoneBox.Turn(line[i].Longitude - line[i - 1].Longitude), line[i].Latitude));
        var squeeze = Math.Max(0.01, Math.Cos(double.DegreesToRadians((points.Min(p => p.Y) + points.Max(p => p.Y)) / 2)));
        var flat = Factory.CreateLineString([.. points.Select(p => new Coordinate(p.X * squeeze, p.Y))]).Buffer(radius.Metres * ZoneBox.DegreesAMetre);
        return Back(AffineTransformation.ScaleInstance(1 / squeeze, 1).Transform(flat));
    }

    private static NetTopologySuite.Geometries.Geometry Band(double west) => Factory.ToGeometry(new Envelope(west, west + 360, -90, 90));

    private static LinearRing Ring((double X, double Y)[] points) =>
        Factory.CreateLinearRing([.. points.Append(points[0]).Select(p => new Coordinate(p.X, p.Y))]);

    private static ImmutableArray<GeoPoint> Points(LineString ring, bool counterClockwise)
    {
        var points = ring.Coordinates[..^1];
        if (NetTopologySuite.Algorithm.Orientation.IsCCW(ring.CoordinateSequence) != counterClockwise) Array.Reverse(points);
        var middle = (ring.EnvelopeInternal.MinX + ring.EnvelopeInternal.MaxX) / 2;
        return [.. points.Select(p => ShapeRules.Rounded(new GeoPoint(p.Y, Home(p.X, middle))))];
    }

    // A point on the antimeridian stays on the side of its ring.
    private static double Home(double x, double middle)
    {
        var turned = x - 360 * Math.Floor((x + 180) / 360);
        return turned == -180 && middle - 360 * Math.Floor((middle + 180) / 360) > 0 ? 180 : turned;
    }
}
