using FsCheck;
using FsCheck.Fluent;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Tests.Geo;

public class GeocellCoverTests
{
    /// <summary>Brute force over the whole grid of a short length, where a circle of the same shape covers the same pattern.</summary>
    [Fact]
    public void A_circle_covers_exactly_the_cells_that_it_touches()
    {
        var grid = AllCells(3);
        GeoSamples.ForAll(Circles(0, 2_000_000), circle =>
        {
            var cover = GeocellGrid.Cover(circle.Centre, circle.Radius, 3);
            Assert.Equal(cover.Length, cover.Distinct().Count());
            var covered = cover.ToHashSet();
            foreach (var cell in grid)
            {
                var gap = GeoSamples.Gap(cell, circle.Centre);
                if (gap <= circle.Radius.Metres) Assert.Contains(cell, covered);
                if (gap > circle.Radius.Metres + 1) Assert.DoesNotContain(cell, covered);
            }
        }, 30);
    }

    [Fact]
    public void No_point_of_a_circle_is_outside_its_cells() => GeoSamples.ForAll(
        from circle in Circles(0, 25_000)
        from bearing in GeoSamples.Between(0, 360)
        from share in GeoSamples.Between(0, 1)
        select (circle, bearing, share),
        sample =>
        {
            var point = sample.circle.Centre.Travel(sample.bearing, sample.circle.Radius * sample.share);
            Assert.Contains(GeocellId.Of(point), GeocellGrid.Cover(sample.circle.Centre, sample.circle.Radius));
        });

    [Fact]
    public void Every_covered_cell_is_within_the_radius() => GeoSamples.ForAll(Circles(0, 25_000), circle =>
        Assert.All(GeocellGrid.Cover(circle.Centre, circle.Radius), cell => Assert.InRange(GeoSamples.Gap(cell, circle.Centre), 0, circle.Radius.Metres + 0.1)), 300);

    /// <summary>The oracle of the oracle: no sampled point of a box is nearer than the box says, and one is about as near.</summary>
    [Fact]
    public void The_distance_to_a_box_is_the_least_distance_to_its_points() => GeoSamples.ForAll(
        from point in GeoSamples.Points from other in GeoSamples.Points select (point, box: GeocellId.Of(other, 2).Bounds()),
        sample =>
        {
            var least = double.PositiveInfinity;
            for (var i = 0; i <= 60; i++)
            {
                for (var j = 0; j <= 60; j++)
                {
                    var inside = new GeoPoint(
                        sample.box.South + (sample.box.North - sample.box.South) * i / 60, sample.box.West + (sample.box.East - sample.box.West) * j / 60);
                    least = Math.Min(least, sample.point.DistanceTo(inside).Metres);
                }
            }

            // Samples lie 11.25° / 60 apart, about 21 km, so the nearest is at most half a diagonal further.
            Assert.InRange(least - sample.box.DistanceTo(sample.point).Metres, -0.1, 15_000);
        }, 150);

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(10_000_001)]
    public void A_radius_that_is_none_is_refused(double metres) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GeocellGrid.Cover(new GeoPoint(0, 0), Distance.FromMetres(metres)));

    [Theory]
    [InlineData(0, 4, 12)]
    [InlineData(60, 9, 24)]
    public void Five_kilometres_are_a_handful_of_cells(double latitude, int least, int most) => GeoSamples.ForAll(GeoSamples.Between(-180, 180), longitude =>
        Assert.InRange(GeocellGrid.Cover(new GeoPoint(latitude, longitude), Distance.FromKilometres(5)).Length, least, most));

    private static Gen<(GeoPoint Centre, Distance Radius)> Circles(double least, double most) =>
        from centre in GeoSamples.Points
        from metres in Gen.OneOf(GeoSamples.Between(least, most), GeoSamples.Between(least, most / 100), Gen.Constant(least))
        select (centre, Distance.FromMetres(metres));

    private static List<GeocellId> AllCells(int length)
    {
        var cells = new List<GeocellId>();
        var (rows, columns) = ((long)1 << (length * 5 / 2), (long)1 << ((length * 5 + 1) / 2));
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                cells.Add(GeocellId.Of(new GeoPoint(-90 + (row + 0.5) * 180 / rows, -180 + (column + 0.5) * 360 / columns), length));
            }
        }

        return cells;
    }
}
