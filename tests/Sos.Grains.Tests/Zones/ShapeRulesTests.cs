using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Tests.Zones;

public sealed class ShapeRulesTests
{
    [Fact]
    public void A_sound_polygon_stays_as_it_was_drawn()
    {
        var (fault, shape, repairs) = Polygon(Ring((0, 0), (0, 1), (1, 1), (1, 0), (0, 0)), Ring((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2)));
        Assert.Equal((ShapeFault.None, ShapeRepairs.None), (fault, repairs));
        Assert.Equal([4, 4], shape!.Polygons.Single().Rings.Select(r => r.Length));
        Assert.False(ZoneOutline.Of(shape).Contains(new GeoPoint(0.5, 0.5)));
    }

    [Fact]
    public void An_open_ring_is_closed_and_a_point_that_stands_twice_is_one()
    {
        var (fault, shape, repairs) = Polygon(Ring((0, 0), (0, 1), (0, 1), (1, 1), (1, 0)));
        Assert.Equal((ShapeFault.None, ShapeRepairs.Closed | ShapeRepairs.Thinned, 4), (fault, repairs, shape!.Points));
    }

    [Fact]
    public void A_ring_that_crosses_itself_keeps_what_it_encloses()
    {
        var (fault, shape, repairs) = Polygon(Ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)));
        Assert.Equal((ShapeFault.None, ShapeRepairs.Untangled, 2), (fault, repairs, shape!.Polygons.Length));
        var outline = ZoneOutline.Of(shape);
        Assert.True(outline.Contains(new GeoPoint(0.5, 0.25)) || outline.Contains(new GeoPoint(0.25, 0.5)));
        Assert.False(outline.Contains(new GeoPoint(0.5, 0.25)) && outline.Contains(new GeoPoint(0.25, 0.5)));
    }

    [Fact]
    public void Overlapping_polygons_become_one_and_what_both_cover_is_inside()
    {
        var fault = ShapeRules.Polygons([[Ring((0, 0), (0, 2), (2, 2), (2, 0), (0, 0))], [Ring((1, 1), (1, 3), (3, 3), (3, 1), (1, 1))]], out var shape, out var repairs);
        Assert.Equal((ShapeFault.None, ShapeRepairs.Untangled), (fault, repairs));
        Assert.True(ZoneOutline.Of(shape!).Along(new GeoPoint(0.1, 0.1), new GeoPoint(2.9, 2.9)).Share > 0.999);
    }

    [Fact]
    public void A_tangle_over_the_antimeridian_is_mended_there()
    {
        var (fault, shape, repairs) = Polygon(Ring((0, 179), (1, -179), (1, 179), (0, -179), (0, 179)));
        Assert.Equal((ShapeFault.None, ShapeRepairs.Untangled), (fault, repairs));
        Assert.All(shape!.Polygons.SelectMany(p => p.Rings).SelectMany(r => r), p => Assert.InRange(p.Longitude, -180, 180));
        Assert.False(ZoneOutline.Of(shape).Contains(new GeoPoint(0.5, 0)));
    }

    [Fact]
    public void What_encloses_nothing_or_has_too_few_or_too_many_points_is_refused_by_name()
    {
        Assert.Equal(ShapeFault.TooFewPoints, Polygon(Ring((0, 0), (0, 1), (0, 0))).Fault);
        Assert.Equal(ShapeFault.TooFewPoints, Polygon(Ring()).Fault);
        Assert.Equal(ShapeFault.TooFewPoints, ShapeRules.Polygons([], out _, out _));
        Assert.Equal(ShapeFault.NoArea, Polygon(Ring((0, 0), (0, 1), (0, 2), (0, 0))).Fault);
        var many = Enumerable.Range(0, ShapeRules.MostPoints + 10).Select(i => new GeoPoint(0, 0).Travel(360.0 * i / ShapeRules.MostPoints, Distance.FromKilometres(50))).ToList();
        Assert.Equal(ShapeFault.TooManyPoints, Polygon(many).Fault);
        Assert.Equal(ShapeFault.TooManyPoints, ShapeRules.Corridor(many, 10, out _, out _));
        Assert.Equal(ShapeFault.TooFewPoints, ShapeRules.Corridor([new GeoPoint(1, 1), new GeoPoint(1, 1)], 10, out _, out _));
        Assert.All(new[] { 0, -1, double.NaN, double.PositiveInfinity, 1e9 }, radius => Assert.Equal(ShapeFault.BadRadius, ShapeRules.Circle(new GeoPoint(1, 1), radius, out _)));
    }

    [Theory]
    [InlineData("2026-11-20T21:30:00Z", true)] // Friday 22:30 in Vienna
    [InlineData("2026-11-21T03:59:00Z", true)] // Saturday 04:59
    [InlineData("2026-11-21T04:00:00Z", false)]
    [InlineData("2026-11-20T20:59:00Z", false)]
    [InlineData("2026-11-22T22:00:00Z", false)] // Sunday
    [InlineData("2026-07-03T20:00:00Z", true)] // Friday 22:00 in summer
    public void A_schedule_goes_by_the_clock_on_the_wall_over_midnight_too(string at, bool counts)
    {
        var schedule = new ZoneSchedule("Europe/Vienna", [new ZoneHours([DayOfWeek.Friday, DayOfWeek.Saturday], new TimeOnly(22, 0), new TimeOnly(5, 0))]);
        Assert.Null(ScheduleRules.Fault(schedule));
        Assert.Equal(counts, ScheduleRules.CountsAt(schedule, null, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.False(ScheduleRules.CountsAt(null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
    }

    private static (ShapeFault Fault, ZoneShape? Shape, ShapeRepairs Repairs) Polygon(params IReadOnlyList<GeoPoint>[] rings)
    {
        var fault = ShapeRules.Polygons([rings], out var shape, out var repairs);
        return (fault, shape, repairs);
    }

    private static List<GeoPoint> Ring(params (double Latitude, double Longitude)[] points) => [.. points.Select(p => new GeoPoint(p.Latitude, p.Longitude))];
}
