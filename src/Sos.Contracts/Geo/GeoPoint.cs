using Orleans;

namespace Sos.Contracts.Geo;

/// <summary>A point on the WGS 84 ellipsoid, in degrees.</summary>
/// <param name="Latitude">−90 to 90, north positive.</param>
/// <param name="Longitude">−180 to 180, east positive.</param>
[GenerateSerializer, Immutable, Alias("sos.geo.point")]
public readonly record struct GeoPoint([property: Id(0)] double Latitude, [property: Id(1)] double Longitude)
{
    /// <summary>Mean Earth radius of the IUGG, in metres; with it haversine distances are within 0.6 % of the ellipsoid's.</summary>
    public const double EarthRadiusMetres = 6_371_008.8;

    /// <summary>Makes a point if both numbers are finite and in range; NaN, infinities and swapped out-of-range values are refused.</summary>
    public static bool TryCreate(double latitude, double longitude, out GeoPoint point)
    {
        point = new GeoPoint(latitude, longitude);
        return latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180;
    }

    /// <summary>Great-circle distance by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", 1984).</summary>
    public Distance DistanceTo(GeoPoint other)
    {
        var phi1 = double.DegreesToRadians(Latitude);
        var phi2 = double.DegreesToRadians(other.Latitude);
        var halfLat = Math.Sin((phi2 - phi1) / 2);
        var halfLon = Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2);
        var a = halfLat * halfLat + Math.Cos(phi1) * Math.Cos(phi2) * halfLon * halfLon;
        return Distance.FromMetres(2 * EarthRadiusMetres * Math.Asin(Math.Min(1, Math.Sqrt(a))));
    }

    /// <summary>The point reached by going a distance along a great circle at an initial bearing (degrees clockwise from north).</summary>
    public GeoPoint Travel(double bearingDegrees, Distance distance)
    {
        var delta = distance.Metres / EarthRadiusMetres;
        var theta = double.DegreesToRadians(bearingDegrees);
        var phi1 = double.DegreesToRadians(Latitude);
        var sinPhi2 = Math.Clamp(Math.Sin(phi1) * Math.Cos(delta) + Math.Cos(phi1) * Math.Sin(delta) * Math.Cos(theta), -1, 1);
        var lambda = Math.Atan2(Math.Sin(theta) * Math.Sin(delta) * Math.Cos(phi1), Math.Cos(delta) - Math.Sin(phi1) * sinPhi2);
        var longitude = Longitude + double.RadiansToDegrees(lambda);
        return new GeoPoint(double.RadiansToDegrees(Math.Asin(sinPhi2)), longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude);
    }
}
