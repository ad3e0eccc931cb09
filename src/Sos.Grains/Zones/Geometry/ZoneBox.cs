using Sos.Contracts.Geo;

namespace Sos.Grains.Zones.Geometry;

/// <summary>
/// A box in degrees that may cross the antimeridian: the west edge is −180 to 180, the east edge goes on beyond 180 where it does.
/// </summary>
/// <param name="South">Southern edge.</param>
/// <param name="West">Western edge, −180 to 180.</param>
/// <param name="North">Northern edge.</param>
/// <param name="East">Eastern edge, at most 360 beyond the western one.</param>
internal readonly record struct ZoneBox(double South, double West, double North, double East)
{
    /// <summary>Degrees of latitude to a metre on the sphere of <see cref="GeoPoint.EarthRadiusMetres"/>.</summary>
    public const double DegreesAMetre = 180 / (Math.PI * GeoPoint.EarthRadiusMetres);

    /// <summary>The box of a point.</summary>
    public static ZoneBox Of(GeoPoint point) => new(point.Latitude, point.Longitude, point.Latitude, point.Longitude);

    /// <summary>The box of a short way between two points, over the antimeridian where that is shorter.</summary>
    public static ZoneBox Of(GeoPoint from, GeoPoint to)
    {
        var end = from.Longitude + Turn(to.Longitude - from.Longitude);
        return Normal(Math.Min(from.Latitude, to.Latitude), Math.Min(from.Longitude, end), Math.Max(from.Latitude, to.Latitude), Math.Max(from.Longitude, end));
    }

    /// <summary>A box whose west edge may lie anywhere.</summary>
    public static ZoneBox Normal(double south, double west, double north, double east)
    {
        if (east - west >= 360) return new ZoneBox(south, -180, north, 180);
        var shift = west is >= -180 and <= 180 ? 0 : -360 * Math.Floor((west + 180) / 360);
        return new ZoneBox(south, west + shift, north, east + shift);
    }

    /// <summary>The box with a margin around it; all the way round where it reaches a pole.</summary>
    public ZoneBox Grown(double metres)
    {
        var climb = metres * DegreesAMetre;
        var (south, north) = (South - climb, North + climb);
        if (south <= -90 || north >= 90) return new ZoneBox(Math.Max(-90, south), -180, Math.Min(90, north), 180);
        // The widest parallel of a circle lies beyond its middle; sin of the half width is sin r / cos φ there.
        var sine = Math.Sin(double.DegreesToRadians(climb)) / Math.Cos(double.DegreesToRadians(Math.Max(Math.Abs(South), Math.Abs(North))));
        if (sine >= 1) return new ZoneBox(south, -180, north, 180);
        var width = double.RadiansToDegrees(Math.Asin(sine));
        return Normal(south, West - width, north, East + width);
    }

    /// <summary>The longitude that a point has in the frame of this box: the one nearest to its middle.</summary>
    public double InFrame(double longitude)
    {
        var middle = (West + East) / 2;
        return middle + Turn(longitude - middle);
    }

    /// <summary>Whether two boxes touch, on whichever side of the antimeridian.</summary>
    public bool Touches(ZoneBox other)
    {
        if (other.North < South || other.South > North) return false;
        for (var shift = -360; shift <= 360; shift += 360)
        {
            if (other.West + shift <= East && other.East + shift >= West) return true;
        }

        return false;
    }

    /// <summary>A difference of longitudes the shorter way round, −180 to 180.</summary>
    public static double Turn(double degrees) => degrees is >= -180 and <= 180 ? degrees : degrees - 360 * Math.Round(degrees / 360);
}
