using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Tests.Zones;

public sealed class ZoneOutlineTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Inside_and_the_distance_to_the_edge_are_what_looking_everywhere_finds(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 25; round++)
        {
            var middle = Drawings.Somewhere(random);
            var shape = Shape(random, middle);
            var outline = ZoneOutline.Of(shape);
            for (var i = 0; i < 20; i++)
            {
                var point = middle.Travel(random.NextDouble() * 360, Distance.FromMetres(random.NextDouble() * 2_500));
                var (found, edge) = (outline.SignedDistance(point), Drawings.ToEdge(shape, point));
                var where = $"seed {seed}, round {round}, {shape.Form} at {middle}, point {point}";
                Assert.True(Math.Abs(Math.Abs(found) - edge) <= 1.5 + 0.01 * edge, $"{where}: {found:F2} m, walked {edge:F2} m");
                if (edge > 2) Assert.True(found <= 0 == Drawings.Contains(shape, point), $"{where}: {found:F2} m");
                if (edge > 2) Assert.True(outline.Contains(point) == found <= 0, where);
                if (found <= 0) Assert.True(outline.Box.Touches(ZoneBox.Of(point)), $"{where}: outside its own box {outline.Box}");
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void The_part_of_a_way_that_lies_inside_is_what_small_steps_find(int seed)
    {
        const int Steps = 2_000;
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var middle = Drawings.Somewhere(random);
            var outline = ZoneOutline.Of(Shape(random, middle));
            var from = middle.Travel(random.NextDouble() * 360, Distance.FromMetres(random.NextDouble() * 3_000));
            var to = middle.Travel(random.NextDouble() * 360, Distance.FromMetres(random.NextDouble() * 3_000));
            var inside = Enumerable.Range(0, Steps).Select(i => outline.Contains(Drawings.Between(from, to, (i + 0.5) / Steps))).ToArray();
            var found = outline.Along(from, to);
            var where = $"seed {seed}, round {round}, {middle}";
            Assert.True(Math.Abs(found.Share - (double)inside.Count(step => step) / Steps) < 0.005, $"{where}: {found.Share}, {(double)inside.Count(step => step) / Steps} by steps");
            if (found.Share < 0.01) continue;
            Assert.True(Math.Abs(found.First - (double)Array.IndexOf(inside, true) / Steps) < 0.005, $"{where}: first {found.First}");
            Assert.True(Math.Abs(found.Last - (double)(Array.LastIndexOf(inside, true) + 1) / Steps) < 0.005, $"{where}: last {found.Last}");
        }
    }

    [Fact]
    public void A_circle_over_a_pole_and_a_ring_around_it_hold_the_pole()
    {
        var circle = ZoneOutline.Of(ZoneShape.Circle(new GeoPoint(89.5, 20), Distance.FromKilometres(100)));
        var ring = ZoneOutline.Of(ZoneShape.Of([new ZonePolygon([[new GeoPoint(80, 0), new GeoPoint(80, 90), new GeoPoint(80, 180), new GeoPoint(80, -90)]])]));
        foreach (var longitude in new[] { -180.0, -91, 0, 45, 179.9, 180 })
        {
            Assert.True(circle.Contains(new GeoPoint(90, longitude)));
            Assert.True(circle.Contains(new GeoPoint(89.9, longitude)));
            Assert.True(ring.Contains(new GeoPoint(85, longitude)), $"{longitude}");
            Assert.False(ring.Contains(new GeoPoint(79, longitude)), $"{longitude}");
            Assert.Equal(-5 * 111_195, ring.SignedDistance(new GeoPoint(85, longitude)), 1_000.0);
            Assert.True(circle.Box.Touches(ZoneBox.Of(new GeoPoint(90, longitude))));
        }

        Assert.False(circle.Contains(new GeoPoint(88, -160)));
        var south = ZoneOutline.Of(ZoneShape.Of([new ZonePolygon([[new GeoPoint(-80, 10), new GeoPoint(-80, -110), new GeoPoint(-80, 130)]])]));
        Assert.True(south.Contains(new GeoPoint(-89, 77)));
        Assert.False(south.Contains(new GeoPoint(89, 77)));
    }

    [Fact]
    public void A_zone_cut_at_the_antimeridian_has_no_edge_there_and_equals_the_uncut_one()
    {
        ImmutableArray<GeoPoint> west = [new(-20, 175), new(-20, 180), new(-10, 180), new(-10, 175)];
        ImmutableArray<GeoPoint> east = [new(-20, -180), new(-20, -175), new(-10, -175), new(-10, -180)];
        ImmutableArray<GeoPoint> both = [new(-20, 175), new(-20, -175), new(-10, -175), new(-10, 175)];
        var (cut, whole) = (ZoneOutline.Of(ZoneShape.Of([new ZonePolygon([west]), new ZonePolygon([east])])), ZoneOutline.Of(ZoneShape.Of([new ZonePolygon([both])])));
        foreach (var longitude in new[] { 170, 176, 179.99, 180, -180, -179.99, -176, -170 })
        {
            var point = new GeoPoint(-15, longitude);
            Assert.Equal(whole.SignedDistance(point), cut.SignedDistance(point), 0.01);
            Assert.Equal(Math.Abs(longitude) > 175, cut.SignedDistance(point) < -100_000);
        }

        Assert.Equal(10, cut.Box.East - cut.Box.West, 1e-9);
        var way = cut.Along(new GeoPoint(-15, 174), new GeoPoint(-15, -174));
        Assert.Equal((1.0 / 12, 11.0 / 12, 10.0 / 12), (way.First, way.Last, way.Share), (one, other) =>
            Math.Abs(one.Item1 - other.Item1) < 1e-9 && Math.Abs(one.Item2 - other.Item2) < 1e-9 && Math.Abs(one.Item3 - other.Item3) < 1e-9);
    }

    [Fact]
    public void No_answer_allocates()
    {
        var random = new Random(6);
        var outlines = new[] { Drawings.Star(random, new GeoPoint(48, 16), 500, 50, hole: true), ZoneShape.Circle(new GeoPoint(48, 16), Distance.FromMetres(300)), Drawings.Street(random, new GeoPoint(48, 16), 9, 30) }
            .Select(ZoneOutline.Of).ToArray();
        var (from, to) = (new GeoPoint(47.99, 15.99), new GeoPoint(48.01, 16.01));
        foreach (var outline in outlines) outline.Along(from, to);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var outline in outlines)
        {
            for (var i = 0; i < 100; i++)
            {
                outline.SignedDistance(from);
                outline.Contains(to);
                outline.Along(from, to);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ZoneShape Shape(Random random, GeoPoint middle) => random.Next(4) switch
    {
        0 => ZoneShape.Circle(middle, Distance.FromMetres(random.Next(30, 1_500))),
        1 => Drawings.Street(random, middle, random.Next(2, 8), random.Next(10, 200)),
        var kind => Drawings.Star(random, middle, random.Next(100, 2_000), random.Next(3, 40), hole: kind == 2),
    };
}
