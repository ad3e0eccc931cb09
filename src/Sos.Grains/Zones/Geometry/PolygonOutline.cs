using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones.Geometry;

/// <summary>
/// Polygons with holes as one list of edges, four of them looked at in one instruction: inside is an odd number of crossings (the polygons of a valid shape
/// do not overlap). Cuts along the antimeridian and a pole, which RFC 7946 asks for, are no edges that anybody can be near.
/// </summary>
internal sealed class PolygonOutline : ZoneOutline
{
    private const int MostOnStack = 64;
    private const int Lanes = 4;
    private readonly double[] _ax, _ay, _bx, _by;

    // Added to the squared distance: infinite for what nobody can be near, cuts and the padding to whole vectors.
    private readonly double[] _far;
    private readonly int _count;

    public PolygonOutline(ZoneShape shape)
    {
        var rings = FrameRings.Of(shape.Polygons);
        _count = rings.Sum(ring => ring.Length);
        var room = (_count + Lanes - 1) / Lanes * Lanes;
        (_ax, _ay, _bx, _by, _far) = (new double[room], new double[room], new double[room], new double[room], new double[room]);
        Array.Fill(_far, double.PositiveInfinity);
        var edge = 0;
        double south = 90, north = -90, west = double.MaxValue, east = double.MinValue;
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length; i++, edge++)
            {
                var (a, b) = (ring[i], ring[(i + 1) % ring.Length]);
                (_ax[edge], _ay[edge], _bx[edge], _by[edge]) = (a.X, a.Y, b.X, b.Y);
                var cut = a.X == b.X && (Math.Abs(a.X) is 180 or 540 || Math.Abs(a.Y) == 90 || Math.Abs(b.Y) == 90) || a.Y == b.Y && Math.Abs(a.Y) == 90;
                if (!cut && a != b) _far[edge] = 0;
                (south, north, west, east) = (Math.Min(south, a.Y), Math.Max(north, a.Y), Math.Min(west, a.X), Math.Max(east, a.X));
            }
        }

        Box = new ZoneBox(south, west, north, east);
    }

    public override ZoneBox Box { get; }

    public override double SignedDistance(GeoPoint point)
    {
        var (x, y) = (Box.InFrame(point.Longitude), point.Latitude);
        var (vx, vy, squeeze) = (Vector256.Create(x), Vector256.Create(y), Vector256.Create(Math.Cos(double.DegreesToRadians(y))));
        var (crossings, least) = (0, Vector256.Create(double.PositiveInfinity));
        var axs = Of(_ax);
        var ays = Of(_ay);
        var bxs = Of(_bx);
        var bys = Of(_by);
        var fars = Of(_far);
        for (var i = 0; i < axs.Length; i++)
        {
            var (ax, ay) = (axs[i], ays[i]);
            var (ex, ey) = (bxs[i] - ax, bys[i] - ay);
            var (rx, ry) = (vx - ax, vy - ay);

            // An edge is crossed by the ray to the east if its ends lie on both sides of the parallel and the place lies west of it; dividing by 0 happens
            // only where the first is false.
            var sides = Vector256.GreaterThan(ay, vy) ^ Vector256.GreaterThan(bys[i], vy);
            crossings += BitOperations.PopCount((sides & Vector256.LessThan(rx, ry / ey * ex)).ExtractMostSignificantBits());

            var (sx, sr) = (ex * squeeze, rx * squeeze);
            var t = Vector256.Min(Vector256.Max((sr * sx + ry * ey) / (sx * sx + ey * ey), Vector256<double>.Zero), Vector256<double>.One);
            var (dx, dy) = (t * sx - sr, t * ey - ry);
            least = Vector256.Min(least, Vector256.ConditionalSelect(Vector256.Equals(fars[i], Vector256<double>.Zero), dx * dx + dy * dy, fars[i]));
        }

        var nearest = Math.Min(Math.Min(least[0], least[1]), Math.Min(least[2], least[3]));
        var metres = nearest == double.PositiveInfinity ? double.MaxValue : Math.Sqrt(nearest) * MetresADegree;
        return (crossings & 1) != 0 ? -metres : metres;
    }

    private static ReadOnlySpan<Vector256<double>> Of(double[] lane) => MemoryMarshal.Cast<double, Vector256<double>>(lane.AsSpan());

    public override bool Contains(GeoPoint point)
    {
        var (x, y) = (Box.InFrame(point.Longitude), point.Latitude);
        return y >= Box.South && y <= Box.North && x >= Box.West && x <= Box.East && Contains(x, y);
    }

    public override WayInside Along(GeoPoint from, GeoPoint to)
    {
        var (x, y) = (Box.InFrame(from.Longitude), from.Latitude);
        var (dx, dy) = (ZoneBox.Turn(to.Longitude - from.Longitude), to.Latitude - from.Latitude);
        var rented = _count + 2 > MostOnStack ? ArrayPool<double>.Shared.Rent(_count + 2) : null;
        var cuts = rented is null ? stackalloc double[MostOnStack] : rented;
        var count = 0;
        cuts[count++] = 0;
        for (var i = 0; i < _count; i++)
        {
            var (ex, ey) = (_bx[i] - _ax[i], _by[i] - _ay[i]);
            var cross = dx * ey - dy * ex;
            if (cross == 0) continue;
            var (rx, ry) = (_ax[i] - x, _ay[i] - y);
            var (along, across) = ((rx * ey - ry * ex) / cross, (rx * dy - ry * dx) / cross);
            if (along is > 0 and < 1 && across is >= 0 and <= 1) cuts[count++] = along;
        }

        cuts[count++] = 1;
        cuts[..count].Sort();
        double first = 0, last = 0, share = 0;
        for (var i = 1; i < count; i++)
        {
            var middle = (cuts[i - 1] + cuts[i]) / 2;
            if (cuts[i] == cuts[i - 1] || !Contains(x + middle * dx, y + middle * dy)) continue;
            if (share == 0) first = cuts[i - 1];
            (last, share) = (cuts[i], share + cuts[i] - cuts[i - 1]);
        }

        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
        return new WayInside(first, last, share);
    }

    private bool Contains(double x, double y)
    {
        var inside = false;
        for (var i = 0; i < _count; i++)
        {
            inside ^= _ay[i] > y != _by[i] > y && x < _ax[i] + (y - _ay[i]) / (_by[i] - _ay[i]) * (_bx[i] - _ax[i]);
        }

        return inside;
    }
}
