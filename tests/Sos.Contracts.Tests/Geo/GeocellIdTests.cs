using FsCheck.Fluent;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Tests.Geo;

public class GeocellIdTests
{
    /// <summary>The first three are the examples of Wikipedia's geohash article.</summary>
    [Theory]
    [InlineData(57.64911, 10.40744, "u4pruydqqvj8")]
    [InlineData(42.605, -5.603, "ezs42")]
    [InlineData(-25.382708, -49.265506, "6gkzwgjzn820")]
    [InlineData(-90, -180, "000000000000")]
    [InlineData(90, 180, "zzzzzzzzzzzz")]
    public void Known_points_have_their_published_geohash(double latitude, double longitude, string geohash)
    {
        for (var length = 1; length <= geohash.Length; length++)
        {
            Assert.Equal(geohash[..length], GeocellId.Of(new GeoPoint(latitude, longitude), length).ToString());
        }
    }

    [Fact]
    public void A_cell_reads_back_from_its_text() => GeoSamples.ForAll(Cells, cell =>
    {
        Assert.True(GeocellId.TryParse(cell.ToString(), out var read));
        Assert.Equal(cell, read);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ezs4a")]
    [InlineData("EZS42")]
    [InlineData("ezs42e44yx960")]
    [InlineData("ezs4 ")]
    public void Text_that_is_no_geohash_is_refused(string? text) => Assert.False(GeocellId.TryParse(text, out _));

    [Fact]
    public void A_point_lies_in_the_bounds_of_its_cell_and_the_middle_of_the_bounds_in_the_cell() =>
        GeoSamples.ForAll(PointsAndLengths, sample =>
        {
            var cell = GeocellId.Of(sample.Point, sample.Length);
            Assert.True(cell.Bounds().Contains(sample.Point));
            Assert.Equal(cell, GeocellId.Of(cell.Bounds().Centre, sample.Length));
        });

    [Fact]
    public void A_geohash_begins_with_the_geohash_of_its_area() => GeoSamples.ForAll(GeoSamples.Points, point =>
        Assert.StartsWith(AreaId.Of(point).Value, GeocellId.Of(point).ToString(), StringComparison.Ordinal));

    [Fact]
    public void Neighbours_are_eight_that_touch_and_each_has_the_other_as_neighbour() => GeoSamples.ForAll(Cells, cell =>
    {
        var neighbours = cell.Neighbours();
        Assert.Equal(8, neighbours.Distinct().Count());
        Assert.DoesNotContain(cell, neighbours);
        foreach (var neighbour in neighbours)
        {
            Assert.Contains(cell, neighbour.Neighbours());
            Assert.InRange(Gap(cell, neighbour.Bounds()), 0, 0.01);
        }
    });

    private static FsCheck.Gen<(GeoPoint Point, int Length)> PointsAndLengths =>
        from point in GeoSamples.Points from length in Gen.Choose(1, 12) select (point, length);

    private static FsCheck.Gen<GeocellId> Cells =>
        from point in GeoSamples.Points from length in Gen.Choose(2, 12) select GeocellId.Of(point, length);

    private static double Gap(GeocellId cell, GeoBounds other) => new[]
    {
        new GeoPoint(other.South, other.West), new GeoPoint(other.South, other.East), new GeoPoint(other.North, other.West), new GeoPoint(other.North, other.East),
    }.Min(corner => GeoSamples.Gap(cell, corner));
}
