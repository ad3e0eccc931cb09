using System.Collections.Immutable;
using NetTopologySuite.Geometries.Utilities;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones.Geometry;

/// <summary>Why a drawing is no zone.</summary>
public enum ShapeFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>A ring of fewer than three different points, or a line of fewer than two.</summary>
    TooFewPoints,

    /// <summary>More points than a record can hold.</summary>
    TooManyPoints,

    /// <summary>It encloses nothing.</summary>
    NoArea,

    /// <summary>The radius is out of range.</summary>
    BadRadius,
}

/// <summary>What was mended in a drawing.</summary>
[Flags]
public enum ShapeRepairs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A ring did not end where it began.</summary>
    Closed = 1,

    /// <summary>A point stood twice in a row.</summary>
    Thinned = 2,

    /// <summary>Rings crossed themselves or each other; what they enclose is kept.</summary>
    Untangled = 4,
}

/// <summary>Makes shapes of drawings: what can be mended without doubt is mended, everything else refused by name.</summary>
internal static class ShapeRules
{
    /// <summary>Most points of a zone; its record stays under 64 KB.</summary>
    public const int MostPoints = 5_000;

    /// <summary>Longest radius of a circle, metres.</summary>
    public const double LongestRadius = 500_000;

    /// <summary>Widest half of a corridor, metres.</summary>
    public const double WidestCorridor = 10_000;

    /// <summary>Half the width of a corridor whose width is not said, metres.</summary>
    public const double UsualCorridor = 25;

    // 1e-7 degrees are a centimetre; what is stored and what is drawn are then the same.
    private const int Digits = 7;

    /// <summary>Polygons from closed rings as GeoJSON has them, outer ring first.</summary>
    public static ShapeFault Polygons(IReadOnlyList<IReadOnlyList<IReadOnlyList<GeoPoint>>> drawn, out ZoneShape? shape, out ShapeRepairs repairs)
    {
        (shape, repairs) = (null, ShapeRepairs.None);
        var polygons = ImmutableArray.CreateBuilder<ZonePolygon>(drawn.Count);
        var points = 0;
        foreach (var polygon in drawn)
        {
            var rings = ImmutableArray.CreateBuilder<ImmutableArray<GeoPoint>>(polygon.Count);
            foreach (var ring in polygon)
            {
                if ((points += ring.Count) > MostPoints + 3 * drawn.Count) return ShapeFault.TooManyPoints;
                var open = Opened(ring, ref repairs);
                if (open.Distinct().Count() < 3) return ShapeFault.TooFewPoints;
                rings.Add(open);
            }

            if (rings.Count == 0) return ShapeFault.TooFewPoints;
            polygons.Add(new ZonePolygon(rings.ToImmutable()));
        }

        if (polygons.Count == 0) return ShapeFault.TooFewPoints;
        var fault = Untangled(polygons.ToImmutable(), out var sound, ref repairs);
        if (fault != ShapeFault.None) return fault;
        shape = ZoneShape.Of(sound);
        return shape.Points > MostPoints ? ShapeFault.TooManyPoints : ShapeFault.None;
    }

    /// <summary>A circle.</summary>
    public static ShapeFault Circle(GeoPoint middle, double radiusMetres, out ZoneShape? shape)
    {
        shape = radiusMetres is >= 1 and <= LongestRadius ? ZoneShape.Circle(Rounded(middle), Contracts.Geo.Distance.FromMetres(radiusMetres)) : null;
        return shape is null ? ShapeFault.BadRadius : ShapeFault.None;
    }

    /// <summary>A corridor along a line.</summary>
    public static ShapeFault Corridor(IReadOnlyList<GeoPoint> line, double halfWidthMetres, out ZoneShape? shape, out ShapeRepairs repairs)
    {
        (shape, repairs) = (null, ShapeRepairs.None);
        if (halfWidthMetres is not (>= 1 and <= WidestCorridor)) return ShapeFault.BadRadius;
        if (line.Count > MostPoints) return ShapeFault.TooManyPoints;
        var kept = Thinned(line, ref repairs);
        if (kept.Count < 2) return ShapeFault.TooFewPoints;
        shape = ZoneShape.Corridor([.. kept], Contracts.Geo.Distance.FromMetres(halfWidthMetres));
        return ShapeFault.None;
    }

    // The library knows what is valid and how to keep what a tangled ring encloses; sound drawings stay as they were drawn.
    private static ShapeFault Untangled(ImmutableArray<ZonePolygon> polygons, out ImmutableArray<ZonePolygon> sound, ref ShapeRepairs repairs)
    {
        sound = polygons;
        var drawn = PlanarShape.Of(polygons);
        if (drawn.IsValid) return ShapeFault.None;
        var mended = GeometryFixer.Fix(drawn);
        sound = PlanarShape.Back(mended);

        // Parts that were cut along the antimeridian, or just lie side by side, are put together and need no mending.
        var beside = drawn.Geometries.All(part => part.IsValid) && Math.Abs(mended.Area - drawn.Area) <= 1e-9 * drawn.Area;
        if (!beside) repairs |= ShapeRepairs.Untangled;
        return sound.IsEmpty ? ShapeFault.NoArea : ShapeFault.None;
    }

    private static ImmutableArray<GeoPoint> Opened(IReadOnlyList<GeoPoint> ring, ref ShapeRepairs repairs)
    {
        var kept = Thinned(ring, ref repairs);
        if (kept.Count > 1 && kept[0] == kept[^1]) kept.RemoveAt(kept.Count - 1);
        else repairs |= ShapeRepairs.Closed;
        return [.. kept];
    }

    private static List<GeoPoint> Thinned(IReadOnlyList<GeoPoint> line, ref ShapeRepairs repairs)
    {
        var kept = new List<GeoPoint>(line.Count);
        foreach (var point in line)
        {
            var rounded = Rounded(point);
            if (kept.Count > 0 && kept[^1] == rounded) repairs |= ShapeRepairs.Thinned;
            else kept.Add(rounded);
        }

        return kept;
    }

    /// <summary>A point as precise as it is stored.</summary>
    internal static GeoPoint Rounded(GeoPoint point) => new(Math.Round(point.Latitude, Digits) + 0.0, Math.Round(point.Longitude, Digits) + 0.0);
}
