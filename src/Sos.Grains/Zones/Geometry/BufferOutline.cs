using System.Buffers;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones.Geometry;

/// <summary>Everything within a distance of a line; a circle is one around a line of one point. Distances to points are great circles.</summary>
internal sealed class BufferOutline : ZoneOutline
{
    private const int MostOnStack = 32;
    private readonly double[] _x, _y;
    private readonly double _radius, _middle;

    public BufferOutline(ZoneShape shape)
    {
        var path = shape.Path;
        (_x, _y, _radius) = (new double[path.Length], new double[path.Length], shape.Radius.Metres);
        double south = 90, north = -90, west = double.MaxValue, east = double.MinValue;
        for (var i = 0; i < path.Length; i++)
        {
            _x[i] = i == 0 ? path[0].Longitude : _x[i - 1] + ZoneBox.Turn(path[i].Longitude - path[i - 1].Longitude);
            _y[i] = path[i].Latitude;
            (south, north, west, east) = (Math.Min(south, _y[i]), Math.Max(north, _y[i]), Math.Min(west, _x[i]), Math.Max(east, _x[i]));
        }

        _middle = (west + east) / 2;
        Box = ZoneBox.Normal(south, west, north, east).Grown(_radius);
    }

    public override ZoneBox Box { get; }

    public override double SignedDistance(GeoPoint point)
    {
        if (_x.Length == 1) return point.DistanceTo(new GeoPoint(_y[0], _x[0])).Metres - _radius;
        var y = point.Latitude;
        var x = Near(point.Longitude);
        var squeeze = Math.Cos(double.DegreesToRadians(y));
        var (least, nearest) = (double.MaxValue, new GeoPoint(_y[0], _x[0]));
        for (var i = 1; i < _x.Length; i++)
        {
            var t = Nearest(x, y, _x[i - 1], _y[i - 1], _x[i], _y[i], squeeze);
            var (px, py) = (_x[i - 1] + t * (_x[i] - _x[i - 1]), _y[i - 1] + t * (_y[i] - _y[i - 1]));
            var (dx, dy) = ((px - x) * squeeze, py - y);
            if (dx * dx + dy * dy >= least) continue;
            (least, nearest) = (dx * dx + dy * dy, new GeoPoint(py, px));
        }

        return point.DistanceTo(nearest).Metres - _radius;
    }

    public override WayInside Along(GeoPoint from, GeoPoint to)
    {
        // Metres around the middle of the way.
        var (x, y) = (Near(from.Longitude), from.Latitude);
        var (turn, climb) = (ZoneBox.Turn(to.Longitude - from.Longitude), to.Latitude - from.Latitude);
        var scale = Math.Cos(double.DegreesToRadians(y + climb / 2)) * MetresADegree;
        var (dx, dy) = (turn * scale, climb * MetresADegree);
        var pieces = Math.Max(1, _x.Length - 1);
        var rented = pieces > MostOnStack ? ArrayPool<(double Enters, double Leaves)>.Shared.Rent(pieces) : null;
        var found = rented is null ? stackalloc (double Enters, double Leaves)[MostOnStack] : rented;
        var count = 0;
        for (var i = 0; i < pieces; i++)
        {
            var j = Math.Min(i + 1, _x.Length - 1);
            var part = Within((_x[i] - x) * scale, (_y[i] - y) * MetresADegree, (_x[j] - x) * scale, (_y[j] - y) * MetresADegree, dx, dy);
            if (part.Enters < part.Leaves) found[count++] = part;
        }

        var inside = Together(found[..count]);
        if (rented is not null) ArrayPool<(double, double)>.Shared.Return(rented);
        return inside;
    }

    private static WayInside Together(Span<(double Enters, double Leaves)> parts)
    {
        if (parts.Length == 0) return default;
        parts.Sort(static (one, other) => one.Enters.CompareTo(other.Enters));
        var (until, share) = (parts[0].Enters, 0.0);
        foreach (var (enters, leaves) in parts)
        {
            if (leaves <= until) continue;
            share += leaves - Math.Max(enters, until);
            until = leaves;
        }

        return new WayInside(parts[0].Enters, until, share);
    }

    // The part of the way from the origin to (dx, dy) that is within the radius of the segment a to b: convex, so one interval.
    private (double Enters, double Leaves) Within(double ax, double ay, double bx, double by, double dx, double dy)
    {
        var (enters, leaves) = Around(ax, ay, dx, dy);
        if (ax == bx && ay == by) return (enters, leaves);
        var end = Around(bx, by, dx, dy);
        (enters, leaves) = (Math.Min(enters, end.Enters), Math.Max(leaves, end.Leaves));

        // Between the ends: along the segment from 0 to its length, across it at most the radius.
        var (sx, sy) = (bx - ax, by - ay);
        var length = Math.Sqrt(sx * sx + sy * sy);
        (sx, sy) = (sx / length, sy / length);
        var (low, high) = (0.0, 1.0);
        Clip(-(ax * sx + ay * sy), dx * sx + dy * sy, 0, length, ref low, ref high);
        Clip(ax * sy - ay * sx, dy * sx - dx * sy, -_radius, _radius, ref low, ref high);
        return low < high ? (Math.Min(enters, low), Math.Max(leaves, high)) : (enters, leaves);
    }

    private (double Enters, double Leaves) Around(double cx, double cy, double dx, double dy)
    {
        var (a, b, c) = (dx * dx + dy * dy, cx * dx + cy * dy, cx * cx + cy * cy - _radius * _radius);
        if (a == 0) return c <= 0 ? (0, 1) : (1, 0);
        var root = b * b - a * c;
        if (root <= 0) return (1, 0);
        var half = Math.Sqrt(root);
        var (low, high) = (Math.Max(0, (b - half) / a), Math.Min(1, (b + half) / a));
        return low < high ? (low, high) : (1, 0);
    }

    // Keeps of [low, high] the t for which least ≤ start + t·slope ≤ most.
    private static void Clip(double start, double slope, double least, double most, ref double low, ref double high)
    {
        if (slope == 0)
        {
            if (start < least || start > most) high = low;
            return;
        }

        var (one, other) = ((least - start) / slope, (most - start) / slope);
        (low, high) = (Math.Max(low, Math.Min(one, other)), Math.Min(high, Math.Max(one, other)));
    }

    private double Near(double longitude) => _middle + ZoneBox.Turn(longitude - _middle);
}
