using Sos.Contracts.Geo;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Tests.Zones;

public sealed class ZoneIndexTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(300)]
    [InlineData(5_000)]
    public void A_search_finds_what_looking_at_every_box_finds_each_once(int count)
    {
        var random = new Random(count);
        var boxes = Enumerable.Range(0, count).Select(_ => Box(random, 0.2)).ToArray();
        var index = new ZoneIndex(boxes);
        var room = new int[count + 1];
        for (var i = 0; i < 500; i++)
        {
            var box = Box(random, random.Next(3) == 0 ? 20 : 0.5);
            var found = room[..index.Find(box, room)];
            var expected = Enumerable.Range(0, count).Where(item => boxes[item].Touches(box)).ToArray();
            Assert.Equal(expected, found.Order());
        }
    }

    [Fact]
    public void A_band_around_the_earth_is_found_once_wherever_one_looks()
    {
        var index = new ZoneIndex([new ZoneBox(60, -180, 90, 180), new ZoneBox(0, 10, 1, 11)]);
        Span<int> found = stackalloc int[4];
        foreach (var longitude in new[] { -180.0, -90, 0, 179.9999, 180 })
        {
            Assert.Equal(1, index.Find(ZoneBox.Of(new GeoPoint(70, longitude)).Grown(500), found));
            Assert.Equal(0, found[0]);
        }
    }

    [Fact]
    public void A_search_says_how_many_there_are_where_there_is_no_room_and_allocates_nothing()
    {
        var index = new ZoneIndex([.. Enumerable.Range(0, 1_000).Select(_ => new ZoneBox(0, 0, 1, 1))]);
        Span<int> found = stackalloc int[8];
        index.Find(new ZoneBox(0, 0, 0, 0), found);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = index.Find(new ZoneBox(0, 0, 0, 0), found);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((1_000, 0), (count, allocated));
        Assert.Equal(8, found.ToArray().Distinct().Count());
    }

    [Fact]
    public void A_grown_box_holds_every_point_within_the_margin()
    {
        var random = new Random(8);
        for (var i = 0; i < 20_000; i++)
        {
            var point = Drawings.Somewhere(random, 90);
            var metres = Math.Pow(10, random.NextDouble() * 6);
            var near = point.Travel(random.NextDouble() * 360, Distance.FromMetres(metres * 0.999999));
            Assert.True(ZoneBox.Of(point).Grown(metres).Touches(ZoneBox.Of(near)), $"{point}, {metres:F1} m, {near}");
        }
    }

    private static ZoneBox Box(Random random, double most)
    {
        var (south, west) = (random.NextDouble() * 170 - 85, random.NextDouble() * 360 - 180);
        return new ZoneBox(south, west, Math.Min(90, south + random.NextDouble() * most), west + random.NextDouble() * most);
    }
}
