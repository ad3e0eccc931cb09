using FsCheck;
using FsCheck.Fluent;
using Sos.Contracts.Geo;
using Sos.Grains.Relatives;

namespace Sos.Grains.Tests.Relatives;

public class SharingSquaresTests
{
    private static readonly GeoPoint[] Places = [new(48.2, 16.37), new(0, 180), new(0.001, -180), new(89.999, 12), new(-90, 0), new(90, 0), new(78.75, 179.999), new(-37.8, -0.001), new(64, -180)];

    [Fact]
    public void Everybody_of_a_square_is_shown_at_one_point_and_nobody_is_further_from_it_than_850_metres() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var family = new Family(seed);
            var point = family.Somewhere(Places[family.Below(Places.Length)], 5_000);
            var middle = SharingSquares.Middle(point);
            Assert.Equal(middle, SharingSquares.Middle(middle));
            Assert.InRange(point.DistanceTo(middle).Metres, 0, 708);
            Assert.True(GeoPoint.TryCreate(middle.Latitude, middle.Longitude, out _));

            GeoPoint? shown = null;
            for (var fix = 0; fix < 30; fix++)
            {
                point = family.Somewhere(point, 400);
                shown = SharingSquares.Follow(shown, point);
                Assert.InRange(point.DistanceTo(shown.Value).Metres, 0, SharingSquares.Reach);
            }
        }));

    [Fact]
    public void A_square_is_about_a_kilometre_wide_wherever_people_live()
    {
        foreach (var latitude in new[] { -55.0, -1, 0, 30, 48.2, 60, 71, 78 })
        {
            var (south, columns) = (0, 0);
            var from = new GeoPoint(latitude, 10);
            for (var metres = 0; metres < 100_000; metres += 20)
            {
                if (SharingSquares.Middle(from.Travel(90, Distance.FromMetres(metres))).Longitude != SharingSquares.Middle(from.Travel(90, Distance.FromMetres(metres + 20))).Longitude) columns++;
                if (SharingSquares.Middle(from.Travel(180, Distance.FromMetres(metres))).Latitude != SharingSquares.Middle(from.Travel(180, Distance.FromMetres(metres + 20))).Latitude) south++;
            }

            Assert.InRange(south, 99, 101);
            Assert.InRange(columns, 97, 115); // a way due east leaves its row, and squares of the next do not begin where its own do
        }
    }

    [Fact]
    public void Who_lives_on_the_edge_of_a_square_stays_in_one()
    {
        var family = new Family(7);
        var middle = SharingSquares.Middle(new GeoPoint(48.2, 16.37));
        var edge = middle.Travel(90, Distance.FromMetres(500));
        GeoPoint? shown = null;
        var seen = new HashSet<GeoPoint>();
        for (var fix = 0; fix < 5_000; fix++)
        {
            shown = SharingSquares.Follow(shown, edge.Travel(90, Distance.FromMetres(30 * family.Noise())));
            seen.Add(shown.Value);
        }

        Assert.Single(seen);
    }
}
