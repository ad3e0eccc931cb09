using FsCheck.Fluent;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Tests.Geo;

public class GeoPointTests
{
    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(90.0001, 0)]
    [InlineData(0, -180.0001)]
    public void Numbers_that_are_no_position_are_refused(double latitude, double longitude) =>
        Assert.False(GeoPoint.TryCreate(latitude, longitude, out _));

    /// <summary>One degree of a meridian of the mean sphere is 111,195 m; a quarter of it is 10,007,557 m.</summary>
    [Theory]
    [InlineData(0, 0, 1, 0, 111_195)]
    [InlineData(0, 179.5, 0, -179.5, 111_195)]
    [InlineData(89.5, 0, 89.5, 180, 111_195)]
    [InlineData(0, 0, 0, 90, 10_007_557)]
    [InlineData(0, 0, 0, 180, 20_015_115)]
    public void Distances_are_great_circles(double latitude, double longitude, double toLatitude, double toLongitude, double metres) =>
        Assert.Equal(metres, new GeoPoint(latitude, longitude).DistanceTo(new GeoPoint(toLatitude, toLongitude)).Metres, 1.0);

    [Fact]
    public void Whoever_travels_a_distance_is_that_far_away_and_still_on_the_map() => GeoSamples.ForAll(
        from point in GeoSamples.Points
        from bearing in GeoSamples.Between(0, 360)
        from metres in GeoSamples.Between(0, 100_000)
        select (point, bearing, metres),
        sample =>
        {
            var arrived = sample.point.Travel(sample.bearing, Distance.FromMetres(sample.metres));
            Assert.True(GeoPoint.TryCreate(arrived.Latitude, arrived.Longitude, out _));
            Assert.Equal(sample.metres, sample.point.DistanceTo(arrived).Metres, 0.5);
        });
}
