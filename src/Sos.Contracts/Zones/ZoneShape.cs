using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Zones;

/// <summary>How a zone is drawn.</summary>
public enum ZoneForm
{
    /// <summary>One or more polygons, with holes or without.</summary>
    Polygon,

    /// <summary>Everything within a radius of a point.</summary>
    Circle,

    /// <summary>Everything within a distance of a line: a street, a river bank.</summary>
    Corridor,
}

/// <summary>
/// Where a zone is. Lines between two points are straight in longitude and latitude, as in GeoJSON (RFC 7946, 3.1.1), and take the shorter way over
/// the antimeridian.
/// </summary>
/// <param name="Form">How it is drawn.</param>
/// <param name="Polygons">The polygons; empty for circles and corridors.</param>
/// <param name="Path">The one middle of a circle, two or more points of a corridor's line; empty for polygons.</param>
/// <param name="Radius">Radius of a circle, half the width of a corridor; 0 for polygons.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.shape")]
public sealed record ZoneShape(
    [property: Id(0)] ZoneForm Form,
    [property: Id(1)] ImmutableArray<ZonePolygon> Polygons,
    [property: Id(2)] ImmutableArray<GeoPoint> Path,
    [property: Id(3)] Distance Radius)
{
    /// <summary>Points it is drawn with; the repeated last point of a ring is not counted.</summary>
    public int Points => Form == ZoneForm.Polygon ? Polygons.Sum(p => p.Rings.Sum(r => r.Length)) : Path.Length;

    /// <summary>A zone of polygons.</summary>
    public static ZoneShape Of(ImmutableArray<ZonePolygon> polygons) => new(ZoneForm.Polygon, polygons, [], default);

    /// <summary>A circle.</summary>
    public static ZoneShape Circle(GeoPoint middle, Distance radius) => new(ZoneForm.Circle, [], [middle], radius);

    /// <summary>A corridor along a line.</summary>
    public static ZoneShape Corridor(ImmutableArray<GeoPoint> line, Distance halfWidth) => new(ZoneForm.Corridor, [], line, halfWidth);
}

/// <summary>A polygon: its outer ring, then its holes. Rings are open: the first point is not repeated at the end.</summary>
/// <param name="Rings">At least one, each of at least three points.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.polygon")]
public sealed record ZonePolygon([property: Id(0)] ImmutableArray<ImmutableArray<GeoPoint>> Rings);
