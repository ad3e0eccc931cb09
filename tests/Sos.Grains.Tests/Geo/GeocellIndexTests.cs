using FsCheck;
using FsCheck.Fluent;
using Sos.Contracts.Geo;
using Sos.Grains.Geo;

namespace Sos.Grains.Tests.Geo;

public class GeocellIndexTests
{
    private static readonly DateTimeOffset Now = CellPeople.Now;
    private static readonly GeoPoint Here = new(48.1374, 11.5755);

    /// <summary>Poles and the antimeridian among the places; distances may differ by what single precision loses.</summary>
    [Fact]
    public void Finds_what_going_through_everybody_finds() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var people = new CellPeople(seed);
            GeoPoint[] places = [Here, new(0, 180), new(0, -180), new(89.99, 12), new(-90, 0), new(60, -179.999)];
            var place = places[people.Below(places.Length)];
            var index = new GeocellIndex(place, new GeoOptions());
            var everybody = Enumerable.Range(0, people.Below(300)).Select(_ => people.Somebody(place, 4_000)).ToList();
            Assert.All(everybody, entry => Assert.True(index.Upsert(entry, Now)));
            var query = new CellQuery(people.Somewhere(place, 8_000), Distance.FromMetres(people.Below(9_000)), 1 + people.Below(40), people.Below(2) == 0);

            var found = index.Nearest(query, Now);

            var expected = CellPeople.Nearest(everybody, query);
            Assert.Equal(expected.Count, found.Length);
            for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i].Distance.Metres, found[i].Distance.Metres, 0.05);
        }));

    [Fact]
    public void Holds_exactly_the_newest_report_of_everybody_whatever_comes_in_whatever_order() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var people = new CellPeople(seed);
            var index = new GeocellIndex(Here, new GeoOptions());
            var ids = Enumerable.Range(0, 20).Select(_ => people.Id()).ToArray();
            var held = new Dictionary<Guid, CellEntry>();
            var newest = new Dictionary<Guid, (long Epoch, long Seq)>();
            for (var step = 0; step < 400; step++)
            {
                var (id, epoch, seq) = (ids[people.Below(ids.Length)], people.Below(4), people.Below(20));
                var known = newest.GetValueOrDefault(id, (-1, -1));
                if (people.Below(4) == 0)
                {
                    index.Leave(id, epoch, seq, Now);
                    if (held.TryGetValue(id, out var old) && (old.Epoch, old.Seq).CompareTo((epoch, seq)) <= 0) held.Remove(id);
                }
                else
                {
                    var entry = CellPeople.At(people.Somewhere(Here, 2_000), epoch, seq, id);
                    Assert.Equal((entry.Epoch, entry.Seq).CompareTo(known) > 0, index.Upsert(entry, Now));
                    if ((entry.Epoch, entry.Seq).CompareTo(known) > 0) held[id] = entry;
                }

                if (((long)epoch, (long)seq).CompareTo(known) > 0) newest[id] = (epoch, seq);
            }

            var found = index.Nearest(new CellQuery(Here, Distance.FromKilometres(50), 200), Now).Select(hit => hit.Entry);
            Assert.Equal(held.Values.OrderBy(e => e.Person), found.OrderBy(e => e.Person));
            Assert.Equal(held.Count, index.Count);
        }));

    [Fact]
    public void Every_width_of_vectors_finds_the_same()
    {
        const int seed = 20261120;
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var count = 16 * random.Next(1, 40);
            float[] Lane() => [.. Enumerable.Range(0, count).Select(_ => random.Next(20) == 0 ? float.NaN : random.NextSingle() - 0.5f)];
            var (x, y, z) = (Lane(), Lane(), Lane());
            var entries = Enumerable.Range(0, count).Select(i => i % 7 == 0 ? null : CellPeople.At(Here)).ToArray();
            var limit = 1 + random.Next(30);
            var results = new List<(int, float)[]>();
            for (var width = 0; width < 4; width++)
            {
                var (squares, slots) = (new float[limit], new int[limit]);
                var scan = new NearestScan(new SlotFilter(entries, Now, false), squares, slots, default, 0.2f);
                if (width == 0) scan.RunScalar(x, y, z);
                else if (width == 1) scan.Run256(x, y, z);
                else if (width == 2) scan.Run512(x, y, z);
                else scan.Run(x, y, z);
                results.Add([.. slots.Zip(squares).Take(scan.Count).OrderBy(pair => pair.First)]);
            }

            Assert.All(results, result => Assert.Equal(results[0], result));
        }
    }

    [Fact]
    public void An_expired_position_is_neither_taken_nor_found_and_goes_with_the_next_sweep()
    {
        var index = new GeocellIndex(Here, new GeoOptions());
        Assert.False(index.Upsert(CellPeople.At(Here, age: TimeSpan.FromMinutes(30)), Now));
        Assert.True(index.Upsert(CellPeople.At(Here, age: TimeSpan.FromMinutes(29)), Now));
        Assert.Equal(Freshness.Stale, Assert.Single(Around(index, Now)).Freshness);

        Assert.Empty(Around(index, Now.AddMinutes(1)));
        Assert.Equal(1, index.Count);
        index.Sweep(Now.AddMinutes(1));
        Assert.Equal(0, index.Count);
    }

    [Theory]
    [InlineData(0, Freshness.Live)]
    [InlineData(59.9, Freshness.Live)]
    [InlineData(60, Freshness.Stale)]
    [InlineData(1_799, Freshness.Stale)]
    public void Somebody_not_heard_of_for_a_minute_is_stale(double seconds, Freshness expected)
    {
        var index = new GeocellIndex(Here, new GeoOptions());
        index.Upsert(CellPeople.At(Here), Now);
        Assert.Equal(expected, Assert.Single(Around(index, Now.AddSeconds(seconds))).Freshness);
    }

    [Fact]
    public void A_report_overtaken_by_its_own_leave_does_not_bring_the_person_back()
    {
        var index = new GeocellIndex(Here, new GeoOptions());
        var person = Guid.NewGuid();
        Assert.False(index.Leave(person, 3, 9, Now));
        Assert.False(index.Upsert(CellPeople.At(Here, 3, 8, person), Now));
        Assert.False(index.Upsert(CellPeople.At(Here, 3, 9, person), Now));
        Assert.True(index.Upsert(CellPeople.At(Here, 3, 10, person), Now));
    }

    [Fact]
    public void A_crowd_of_busy_responders_does_not_hide_a_free_one()
    {
        var index = new GeocellIndex(Here, new GeoOptions());
        for (var i = 0; i < 500; i++) index.Upsert(CellPeople.At(Here.Travel(i, Distance.FromMetres(i / 10.0)), free: 0), Now);
        var free = CellPeople.At(Here.Travel(0, Distance.FromMetres(900)));
        index.Upsert(free, Now);
        Assert.Equal(free, Assert.Single(index.Nearest(new CellQuery(Here, Distance.FromKilometres(5), 10, FreeOnly: true), Now)).Entry);
    }

    [Fact]
    public void A_stadium_of_100_000_fits_into_one_cell_moves_and_leaves_no_memory_behind()
    {
        const int seed = 100_000;
        var people = new CellPeople(seed);
        var index = new GeocellIndex(Here, new GeoOptions());
        var crowd = Enumerable.Range(0, 100_000).Select(_ => people.Somebody(Here, 400)).ToArray();
        foreach (var entry in crowd) index.Upsert(entry, Now);
        for (var i = 0; i < crowd.Length; i++) index.Upsert(crowd[i] = crowd[i] with { Point = people.Somewhere(Here, 400), Seq = 2 }, Now);
        Assert.Equal(100_000, index.Count);

        var query = new CellQuery(people.Somewhere(Here, 400), Distance.FromKilometres(5), 10);
        Assert.Equal(CellPeople.Nearest(crowd, query).Select(hit => hit.Distance.Metres), index.Nearest(query, Now).Select(hit => hit.Distance.Metres), (a, b) => Math.Abs(a - b) < 0.01);

        foreach (var entry in crowd.Skip(100)) index.Leave(entry.Person, 1, 2, Now);
        index.Sweep(Now.AddMinutes(3));
        Assert.Equal(100, index.Count);
        Assert.InRange(index.Capacity, 100, 400);
        Assert.Equal(100, Around(index, Now.AddMinutes(3)).Length);
    }

    private static System.Collections.Immutable.ImmutableArray<CellHit> Around(GeocellIndex index, DateTimeOffset now) =>
        index.Nearest(new CellQuery(Here, Distance.FromKilometres(5), 200), now);
}
