using System.Collections.Immutable;
using System.Globalization;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones.Cap;

/// <summary>
/// The polygons and circles of a message: latitude first. A ring that is not closed is closed, one with too many points is made coarser by metres, one that crosses itself is
/// refused: what it was to enclose is the publisher's to say.
/// </summary>
/// <param name="limits">How much is read.</param>
/// <param name="faults">What is told of it.</param>
internal sealed class CapShapes(CapLimits limits, CapFaults faults)
{
    /// <summary>About a metre; doubled until the ring has few enough points.</summary>
    private const double FinestCoarsening = 1e-5;

    /// <summary>About half a kilometre.</summary>
    private const double CoarsestCoarsening = 5e-3;

    private const int Soon = 16;
    private const double Undecided = 1e-9;

    private int _shapes, _points;

    /// <summary>A zone of a polygon; null when it is refused.</summary>
    public ZoneShape? Polygon(CapElement element)
    {
        if (!MayDraw(element) || Points(element) is not { } ring) return null;
        if (ring.Distinct().Take(3).Count() < 3) return Refused(element, "too-few-points", "A polygon needs three different points.");
        if (ring[0] == ring[^1]) ring.RemoveAt(ring.Count - 1);

        // Made coarser first, in as much time as the ring is long: what the library takes to simplify or to look through ten thousand points that are made for it, it takes minutes for.
        var coarser = ring.Count <= ShapeRules.MostPoints ? ring : Coarser(ring);
        if (coarser is null) return Refused(element, "too-many-points", $"A polygon has at most {ShapeRules.MostPoints} points.");

        // Looked at before anything mends it: untangling a ring that crosses itself a million times takes all the time there is.
        var polygon = new ZonePolygon([[.. coarser]]);
        if (IsTangled(coarser) || !PlanarShape.Of([polygon]).IsValid) return Refused(element, "self-intersecting", "The polygon crosses itself, or encloses nothing.");
        if (coarser != ring) faults.Add(element.Fault("coarsened", $"It has more than {ShapeRules.MostPoints} points and was made coarser by some metres."));
        return ZoneShape.Of([polygon]);
    }

    /// <summary>A zone of a circle; null when it is refused.</summary>
    public ZoneShape? Circle(CapElement element)
    {
        if (!MayDraw(element)) return null;
        var parts = element.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 || Point(parts[0]) is not { } middle || !TryNumber(parts[1], out var kilometres)) return Refused(element, "bad-circle", "A circle is latitude,longitude radius, the radius in kilometres.");
        if (kilometres == 0) return Refused(element, "only-a-point", "A circle without a radius is a point and no zone.");
        return ShapeRules.Circle(middle, kilometres * 1_000, out var shape) == ShapeFault.None ? shape : Refused(element, "bad-radius", $"The radius must be 0.001 to {ShapeRules.LongestRadius / 1_000:F0} km.");
    }

    /// <summary>The rings that a zone is written with, open: none for a circle, which is written as one.</summary>
    public static IEnumerable<ImmutableArray<GeoPoint>> Rings(ZoneShape shape) => shape.Form switch
    {
        ZoneForm.Circle => [],
        ZoneForm.Corridor => PlanarShape.Cut(PlanarShape.Around(shape.Path, shape.Radius)).Select(polygon => polygon.Rings[0]),
        _ => PlanarShape.Cut(shape.Polygons).Select(polygon => polygon.Rings[0]),
    };

    // A piece of the ring that crosses one soon behind it: of a tangle that is there at once, and the library is not asked. What touches or nearly does is the library's to say.
    private static bool IsTangled(List<GeoPoint> ring)
    {
        // Without a jump at the antimeridian.
        var points = new (double X, double Y)[ring.Count];
        points[0] = (ring[0].Longitude, ring[0].Latitude);
        for (var i = 1; i < points.Length; i++) points[i] = (points[i - 1].X + ZoneBox.Turn(ring[i].Longitude - ring[i - 1].Longitude), ring[i].Latitude);
        for (var i = 0; i + 3 < points.Length; i++)
        {
            for (var j = i + 2; j < i + Soon && j + 1 < points.Length; j++)
            {
                if (Side(i, i + 1, j) * Side(i, i + 1, j + 1) < 0 && Side(j, j + 1, i) * Side(j, j + 1, i + 1) < 0) return true;
            }
        }

        return false;

        // Of the line from one to another; 0 on it, as far as numbers of seven decimals can be told apart when they are multiplied.
        int Side(int one, int other, int point)
        {
            var (from, to, at) = (points[one], points[other], points[point]);
            var turn = (to.X - from.X) * (at.Y - from.Y) - (at.X - from.X) * (to.Y - from.Y);
            return Math.Abs(turn) < Undecided ? 0 : Math.Sign(turn);
        }
    }

    private static List<GeoPoint>? Coarser(List<GeoPoint> ring)
    {
        for (var by = FinestCoarsening; by <= CoarsestCoarsening; by *= 2)
        {
            if (Along(ring, by) is { } coarser) return coarser;
        }

        return null;
    }

    // Once along the ring (Reumann and Witkam): a point is left out while the way goes on forward within so many degrees of the line from the last point that was kept through the one behind it. Null: too
    // many are left.
    private static List<GeoPoint>? Along(List<GeoPoint> ring, double by)
    {
        var squeeze = Math.Cos(double.DegreesToRadians(ring[0].Latitude));
        var (kept, from, line, forward) = (new List<GeoPoint> { ring[0] }, ring[0], To(ring[0], ring[1]), 0.0);
        for (var i = 2; i < ring.Count; i++)
        {
            var point = To(from, ring[i]);
            var (ahead, aside) = ((line.X * point.X + line.Y * point.Y) / line.Length, Math.Abs(line.X * point.Y - line.Y * point.X) / line.Length);
            if (ahead > forward && aside <= by)
            {
                forward = ahead;
                continue;
            }

            if (kept.Count + 2 > ShapeRules.MostPoints) return null;
            kept.Add(from = ring[i - 1]);
            (line, forward) = (To(from, ring[i]), 0);
        }

        kept.Add(ring[^1]);
        return kept;

        (double X, double Y, double Length) To(GeoPoint one, GeoPoint other)
        {
            var (x, y) = (ZoneBox.Turn(other.Longitude - one.Longitude) * squeeze, other.Latitude - one.Latitude);
            return (x, y, Math.Max(double.Epsilon, Math.Sqrt(x * x + y * y)));
        }
    }

    private List<GeoPoint>? Points(CapElement element)
    {
        var points = new List<GeoPoint>();
        var rest = element.Text.AsSpan();

        // Each has a comma: what is too long is not read.
        if (_points + rest.Count(',') > limits.MostPoints) _points = limits.MostPoints;
        foreach (var range in rest.SplitAny(' ', '\n', '\r', '\t'))
        {
            if (range.Start.Value == range.End.Value) continue;
            if (++_points > limits.MostPoints)
            {
                Refused(element, "too-many-points", $"A message has at most {limits.MostPoints} points.");
                return null;
            }

            if (Point(rest[range]) is not { } point)
            {
                Refused(element, "bad-point", "A point is latitude,longitude in degrees.");
                return null;
            }

            if (points.Count == 0 || points[^1] != point) points.Add(point);
        }

        return points;
    }

    private static GeoPoint? Point(ReadOnlySpan<char> text)
    {
        var comma = text.IndexOf(',');
        return comma > 0 && TryNumber(text[..comma], out var latitude) && TryNumber(text[(comma + 1)..], out var longitude) && GeoPoint.TryCreate(latitude, longitude, out var point)
            ? ShapeRules.Rounded(point)
            : null;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private bool MayDraw(CapElement element)
    {
        if (++_shapes <= limits.MostShapes) return true;
        Refused(element, "too-many-shapes", $"A message has at most {limits.MostShapes} polygons and circles.");
        return false;
    }

    private ZoneShape? Refused(CapElement element, string code, string detail)
    {
        faults.Add(element.Fault(code, detail));
        return null;
    }
}
