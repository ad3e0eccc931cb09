using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones;

/// <summary>
/// A shape in few bytes, for its record: whole numbers of 1e-7 degrees, each point as the difference from the one before, in groups of seven bits (LEB128, signs
/// folded in). A drawn zone takes some eight characters a point in base64.
/// </summary>
internal static class PackedShape
{
    private const double Unit = 1e7;

    /// <summary>Packs a shape; what <c>ShapeRules</c> has made comes back the same.</summary>
    public static string Pack(ZoneShape shape)
    {
        var bytes = new List<byte>();
        Put(bytes, (long)shape.Form);
        Put(bytes, (long)Math.Round(shape.Radius.Metres * 1000));
        Put(bytes, shape.Polygons.Length);
        foreach (var polygon in shape.Polygons)
        {
            Put(bytes, polygon.Rings.Length);
            foreach (var ring in polygon.Rings) Put(bytes, ring);
        }

        Put(bytes, shape.Path);
        return Convert.ToBase64String([.. bytes]);
    }

    /// <summary>The shape of a packed one.</summary>
    public static ZoneShape Unpack(string packed)
    {
        ReadOnlySpan<byte> bytes = Convert.FromBase64String(packed);
        var (form, radius) = ((ZoneForm)Take(ref bytes), Distance.FromMetres(Take(ref bytes) / 1000.0));
        var polygons = new ZonePolygon[Take(ref bytes)];
        for (var i = 0; i < polygons.Length; i++)
        {
            var rings = new ImmutableArray<GeoPoint>[Take(ref bytes)];
            for (var k = 0; k < rings.Length; k++) rings[k] = Points(ref bytes);
            polygons[i] = new ZonePolygon([.. rings]);
        }

        return new ZoneShape(form, [.. polygons], Points(ref bytes), radius);
    }

    private static void Put(List<byte> bytes, ImmutableArray<GeoPoint> points)
    {
        Put(bytes, points.Length);
        var (x, y) = (0L, 0L);
        foreach (var point in points)
        {
            var (nextX, nextY) = ((long)Math.Round(point.Longitude * Unit), (long)Math.Round(point.Latitude * Unit));
            Put(bytes, nextX - x);
            Put(bytes, nextY - y);
            (x, y) = (nextX, nextY);
        }
    }

    private static ImmutableArray<GeoPoint> Points(ref ReadOnlySpan<byte> bytes)
    {
        var points = new GeoPoint[Take(ref bytes)];
        var (x, y) = (0L, 0L);
        for (var i = 0; i < points.Length; i++)
        {
            (x, y) = (x + Take(ref bytes), y + Take(ref bytes));
            points[i] = new GeoPoint(y / Unit, x / Unit);
        }

        return [.. points];
    }

    private static void Put(List<byte> bytes, long value)
    {
        var folded = (ulong)((value << 1) ^ (value >> 63));
        for (; folded >= 0x80; folded >>= 7) bytes.Add((byte)(folded | 0x80));
        bytes.Add((byte)folded);
    }

    private static long Take(ref ReadOnlySpan<byte> bytes)
    {
        var (folded, shift, read) = (0UL, 0, 0);
        while ((bytes[read] & 0x80) != 0)
        {
            folded |= (ulong)(bytes[read++] & 0x7F) << shift;
            shift += 7;
        }

        folded |= (ulong)bytes[read++] << shift;
        bytes = bytes[read..];
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }
}
