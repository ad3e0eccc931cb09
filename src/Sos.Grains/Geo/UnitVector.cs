using System.Numerics;
using Sos.Contracts.Geo;

namespace Sos.Grains.Geo;

/// <summary>A point of the unit sphere: x to 0° 0°, y to 0° 90° east, z to the north pole.</summary>
internal readonly record struct UnitVector(double X, double Y, double Z)
{
    /// <summary>The vector of a point.</summary>
    public static UnitVector Of(GeoPoint point)
    {
        var (sinLat, cosLat) = Math.SinCos(double.DegreesToRadians(point.Latitude));
        var (sinLon, cosLon) = Math.SinCos(double.DegreesToRadians(point.Longitude));
        return new UnitVector(cosLat * cosLon, cosLat * sinLon, sinLat);
    }

    /// <summary>From this point to another, in single precision: its error is 10⁻⁷ of the way between them.</summary>
    public Vector3 To(GeoPoint point)
    {
        var other = Of(point);
        return new Vector3((float)(other.X - X), (float)(other.Y - Y), (float)(other.Z - Z));
    }
}
