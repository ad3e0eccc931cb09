namespace Sos.Server.Demo;

/// <summary>A point of the plan: metres east and north of the city's centre.</summary>
internal readonly record struct PlanPoint(double East, double North)
{
    public double Length => Math.Sqrt(East * East + North * North);

    public static PlanPoint Polar(double angle, double radius) => new(Math.Cos(angle) * radius, Math.Sin(angle) * radius);

    public static PlanPoint operator +(PlanPoint a, PlanPoint b) => new(a.East + b.East, a.North + b.North);

    public static PlanPoint operator -(PlanPoint a, PlanPoint b) => new(a.East - b.East, a.North - b.North);

    public static PlanPoint operator *(PlanPoint a, double factor) => new(a.East * factor, a.North * factor);

    public double Dot(PlanPoint other) => East * other.East + North * other.North;
}

/// <summary>A straight piece of street.</summary>
internal readonly record struct PlanLine(PlanPoint From, PlanPoint To)
{
    public double Length => (To - From).Length;

    public PlanPoint At(double share) => From + (To - From) * share;
}

/// <summary>What a town planner needs of plane geometry.</summary>
internal static class PlanGeometry
{
    /// <summary>The part of a polygon that is nearer to one point than to another (one step of a Voronoi diagram, by Sutherland and Hodgman).</summary>
    public static List<PlanPoint> Nearer(List<PlanPoint> polygon, PlanPoint here, PlanPoint there)
    {
        var normal = there - here;
        var limit = ((here + there) * 0.5).Dot(normal);
        var kept = new List<PlanPoint>();
        for (var i = 0; i < polygon.Count; i++)
        {
            var (a, b) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            double da = a.Dot(normal) - limit, db = b.Dot(normal) - limit;
            if (da <= 0) kept.Add(a);
            if (da < 0 != db < 0) kept.Add(a + (b - a) * (da / (da - db)));
        }

        return kept;
    }

    /// <summary>Corners cut twice into curves (G. Chaikin, 1974).</summary>
    public static List<PlanPoint> Smooth(List<PlanPoint> polygon)
    {
        for (var round = 0; round < 2; round++)
        {
            var corners = polygon;
            polygon = [.. Enumerable.Range(0, corners.Count).SelectMany(i =>
            {
                var (a, b) = (corners[i], corners[(i + 1) % corners.Count]);
                return new[] { a + (b - a) * 0.25, a + (b - a) * 0.75 };
            })];
        }

        return polygon;
    }

    /// <summary>A polygon made smaller about its middle.</summary>
    public static List<PlanPoint> Shrink(List<PlanPoint> polygon, double factor)
    {
        var middle = Middle(polygon);
        return [.. polygon.Select(corner => middle + (corner - middle) * factor)];
    }

    public static PlanPoint Middle(List<PlanPoint> polygon) => polygon.Aggregate(default(PlanPoint), (sum, corner) => sum + corner) * (1.0 / polygon.Count);

    public static bool Contains(List<PlanPoint> polygon, PlanPoint point)
    {
        var inside = false;
        for (int i = 0, j = polygon.Count - 1; i < polygon.Count; j = i++)
        {
            var (a, b) = (polygon[i], polygon[j]);
            if (a.North > point.North != b.North > point.North
                && point.East < (b.East - a.East) * (point.North - a.North) / (b.North - a.North) + a.East) inside = !inside;
        }

        return inside;
    }

    /// <summary>The parts of a line inside (or outside) a polygon, whatever its shape.</summary>
    public static IEnumerable<PlanLine> Clip(PlanLine line, List<PlanPoint> polygon, bool inside)
    {
        var way = line.To - line.From;
        var cuts = new List<double> { 0, 1 };
        for (int i = 0, j = polygon.Count - 1; i < polygon.Count; j = i++)
        {
            var edge = polygon[i] - polygon[j];
            var cross = way.East * edge.North - way.North * edge.East;
            if (Math.Abs(cross) < 1e-9) continue;
            var to = polygon[j] - line.From;
            var along = (to.East * edge.North - to.North * edge.East) / cross;
            var across = (to.East * way.North - to.North * way.East) / cross;
            if (along is > 0 and < 1 && across is >= 0 and <= 1) cuts.Add(along);
        }

        cuts.Sort();
        for (var i = 1; i < cuts.Count; i++)
            if (Contains(polygon, line.At((cuts[i - 1] + cuts[i]) / 2)) == inside) yield return new PlanLine(line.At(cuts[i - 1]), line.At(cuts[i]));
    }
}
