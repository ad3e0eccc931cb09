using FsCheck;
using FsCheck.Fluent;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Tests.Geo;

/// <summary>Points and circles for property tests, with poles, the antimeridian and cell edges far more often than chance would bring them.</summary>
internal static class GeoSamples
{
    public static Gen<GeoPoint> Points { get; } =
        from latitude in Gen.OneOf(Between(-90, 90), Between(89.5, 90), Between(-90, -89.5), Gen.Elements(-90.0, 0.0, 90.0, 45.0, 84.375))
        from longitude in Gen.OneOf(Between(-180, 180), Between(179.9, 180), Between(-180, -179.9), Gen.Elements(-180.0, 0.0, 180.0, 90.0))
        select new GeoPoint(latitude, longitude);

    public static Gen<double> Between(double low, double high) =>
        from share in Gen.Choose(0, int.MaxValue)
        select low + (high - low) * (share / (double)int.MaxValue);

    /// <summary>Metres from a point to a cell; ±180° is one meridian, but two edges.</summary>
    public static double Gap(GeocellId cell, GeoPoint point)
    {
        var gap = cell.Bounds().DistanceTo(point).Metres;
        return Math.Abs(point.Longitude) == 180 ? Math.Min(gap, cell.Bounds().DistanceTo(point with { Longitude = -point.Longitude }).Metres) : gap;
    }

    /// <summary>Runs a property; a failure prints the seed that repeats it.</summary>
    public static void ForAll<T>(Gen<T> values, Action<T> property, int runs = 1_000) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs), Prop.ForAll(values.ToArbitrary(), property));
}
