namespace Sos.Contracts.Geo;

/// <summary>A box between two parallels and two meridians, edges included; it never crosses the antimeridian.</summary>
/// <param name="South">Southern edge, degrees.</param>
/// <param name="West">Western edge, degrees.</param>
/// <param name="North">Northern edge, degrees, not below <paramref name="South"/>.</param>
/// <param name="East">Eastern edge, degrees, not below <paramref name="West"/>.</param>
public readonly record struct GeoBounds(double South, double West, double North, double East)
{
    /// <summary>The middle of the box in degrees.</summary>
    public GeoPoint Centre => new((South + North) / 2, (West + East) / 2);

    /// <summary>Whether a point lies in the box or on its edge.</summary>
    public bool Contains(GeoPoint point) =>
        point.Latitude >= South && point.Latitude <= North && point.Longitude >= West && point.Longitude <= East;

    /// <summary>
    /// Great-circle distance from a point to the nearest point of the box; zero inside. Between the box's meridians the way leads
    /// straight north or south; from elsewhere it ends on one of its two meridian edges, also when it leads over a pole.
    /// </summary>
    public Distance DistanceTo(GeoPoint point)
    {
        if (point.Longitude >= West && point.Longitude <= East)
        {
            return point.DistanceTo(point with { Latitude = Math.Clamp(point.Latitude, South, North) });
        }

        var west = ToMeridian(point, West);
        var east = ToMeridian(point, East);
        return west < east ? west : east;
    }

    /// <summary>
    /// cos d = sin φ₁ sin φ + cos φ₁ cos φ cos Δλ is a single wave in φ, so the nearest latitude of an edge is its crest, or else an end.
    /// </summary>
    private Distance ToMeridian(GeoPoint point, double longitude)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(point.Latitude));
        var crest = double.RadiansToDegrees(Math.Atan2(sin, cos * Math.Cos(double.DegreesToRadians(longitude - point.Longitude))));
        if (crest >= South && crest <= North) return point.DistanceTo(new GeoPoint(crest, longitude));
        var south = point.DistanceTo(new GeoPoint(South, longitude));
        var north = point.DistanceTo(new GeoPoint(North, longitude));
        return south < north ? south : north;
    }
}
