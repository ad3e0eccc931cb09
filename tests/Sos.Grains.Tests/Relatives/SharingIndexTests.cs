using FsCheck;
using FsCheck.Fluent;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Grains.Relatives;

namespace Sos.Grains.Tests.Relatives;

public class SharingIndexTests
{
    private static readonly ProximityOptions Options = new();
    private static readonly DateTimeOffset Now = Family.Now;
    private static readonly GeoPoint Here = new(48.2, 16.37);

    // An edge of five cells, the antimeridian, both poles, the parallel at which polar cells begin, and places where cells are narrow.
    private static readonly GeoPoint[] Places =
        [Here, new(48.2080078125, 16.3916015625), new(0, 180), new(0.01, -180), new(90, 0), new(-90, 12), new(78.75, 16), new(-78.75, 180), new(75.2, -33), new(60, 25)];

    private readonly SharingIndex _index = new(SharingCells.Of(Here), Options);
    private readonly Guid _ada = Guid.NewGuid(), _ben = Guid.NewGuid();

    /// <summary>Through cells and their borders, wherever on Earth: what going through everybody finds, by what each shows the other.</summary>
    [Fact]
    public void Over_all_borders_the_relatives_within_reach_are_found_and_no_others() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(150),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var family = new Family(seed);
            var place = Places[family.Below(Places.Length)];
            var ids = Enumerable.Range(0, 12).Select(_ => family.Id()).ToArray();
            var (cells, entries) = (new Dictionary<GeocellId, SharingIndex>(), new Dictionary<Guid, SharingEntry>());
            for (var seq = 1; seq <= 4; seq++)
            {
                // Everybody moves, reports, and the borders are told; with the last round everything older must be gone.
                foreach (var id in ids)
                {
                    var fix = family.Somewhere(place, 4_000);
                    var grants = ids.Where(other => other != id && family.Below(3) > 0)
                        .Select(other => Family.To(other, family.Below(2) == 0 ? SharePrecision.Exact : SharePrecision.Approximate, family.Below(5) == 0 ? Now : null)).ToArray();
                    var before = entries.GetValueOrDefault(id);
                    var entry = entries[id] = Family.At(fix, id, seq, SharingSquares.Follow(before?.Square, fix), grants: [.. grants]);
                    Cell(SharingCells.Of(entry.Point)).Put(entry, Now);
                    if (before is not null && SharingCells.Of(before.Point) != SharingCells.Of(entry.Point)) Cell(SharingCells.Of(before.Point)).Leave(new SharingLeave(id, 1, seq - 1), Now);
                }

                foreach (var (from, index) in cells.ToList())
                {
                    foreach (var (to, border) in index.News(Now))
                    {
                        Assert.NotEqual(from, to);
                        Cell(to).Take(border, Now);
                    }
                }
            }

            foreach (var entry in entries.Values)
            {
                var found = Cell(SharingCells.Of(entry.Point)).Near(entry, Now).OrderBy(s => s.Relative);
                Assert.Equal(Expected(entry, entries.Values).OrderBy(s => s.Relative), found);
            }

            SharingIndex Cell(GeocellId id) => cells.TryGetValue(id, out var cell) ? cell : cells[id] = new SharingIndex(id, Options);
        }));

    [Fact]
    public void A_circle_of_a_few_kilometres_touches_a_handful_of_cells_even_at_a_pole()
    {
        foreach (var place in Places)
        {
            var cells = new List<GeocellId>();
            SharingCells.Around(place, Options.Band, cells);
            Assert.Contains(SharingCells.Of(place), cells);
            Assert.InRange(cells.Count, 2, 34);
        }
    }

    [Fact]
    public void One_sided_consent_shows_neither_to_the_other()
    {
        _index.Put(Family.At(Here, _ada, grants: Family.To(_ben)), Now);
        Assert.Empty(_index.Near(Family.At(Here, _ben), Now));
        Assert.Empty(_index.Near(Family.At(Here, _ben, grants: Family.To(Guid.NewGuid())), Now));
        _index.Put(Family.At(Here, _ben), Now);
        Assert.Empty(_index.Near(Family.At(Here, _ada, seq: 2, grants: Family.To(_ben)), Now));
        Assert.Single(_index.Near(Family.At(Here, _ben, seq: 2, grants: Family.To(_ada)), Now));
    }

    [Fact]
    public void A_grant_ends_by_the_clock_without_any_call()
    {
        var end = Now.AddSeconds(30);
        _index.Put(Family.At(Here, _ada, grants: Family.To(_ben, until: end)), Now);
        Assert.Single(_index.Near(Family.At(Here, _ben, grants: Family.To(_ada)), end.AddTicks(-1)));
        Assert.Empty(_index.Near(Family.At(Here, _ben, grants: Family.To(_ada)), end));
        Assert.Empty(_index.Near(Family.At(Here, _ben, grants: Family.To(_ada, until: Now)), Now));
    }

    [Fact]
    public void Who_is_shown_approximately_answers_the_same_wherever_she_is_in_her_square_and_wherever_she_is_asked_from()
    {
        var family = new Family(3);
        var square = SharingSquares.Middle(Here);
        var answers = new HashSet<(GeoPoint, Distance)>();
        for (var ask = 1; ask <= 200; ask++)
        {
            var place = family.Somewhere(square, 480);
            Assert.True(_index.Put(Family.At(place, _ada, ask, SharingSquares.Middle(place), grants: Family.To(_ben, SharePrecision.Approximate)), Now));
            var asker = family.Somewhere(square, 900);
            var seen = Assert.Single(_index.Near(Family.At(asker, _ben, ask, grants: Family.To(_ada)), Now));
            Assert.Equal((square, asker.DistanceTo(square), default), (seen.Point, seen.Distance, seen.Accuracy));
            answers.Add((seen.Point, default));
        }

        Assert.Single(answers);
    }

    [Fact]
    public void The_distance_of_two_is_by_what_both_show_so_that_neither_learns_more_from_it()
    {
        var (exact, middle) = (Here.Travel(0, Distance.FromMetres(300)), SharingSquares.Middle(Here));
        _index.Put(Family.At(exact, _ada, grants: Family.To(_ben)), Now);
        var asker = Family.At(Here, _ben, square: middle, grants: Family.To(_ada, SharePrecision.Approximate));
        Assert.Equal(middle.DistanceTo(exact), Assert.Single(_index.Near(asker, Now)).Distance);
        _index.Put(asker, Now);
        Assert.Equal(middle.DistanceTo(exact), Assert.Single(_index.Near(Family.At(exact, _ada, seq: 2, grants: Family.To(_ben)), Now)).Distance);
    }

    [Fact]
    public void An_entry_overtaken_by_a_leave_is_not_taken_from_whichever_way_it_comes()
    {
        _index.Leave(new SharingLeave(_ada, 1, 9), Now);
        Assert.False(_index.Put(Family.At(Here, _ada, 9), Now));
        _index.Take(new SharingBorder([Family.At(Here, _ada, 8)], []), Now);
        Assert.Equal(0, _index.Count);
        Assert.True(_index.Put(Family.At(Here, _ada, 10), Now));
        _index.Leave(new SharingLeave(_ada, 1, 9), Now);
        Assert.Equal(1, _index.Count);
        Assert.True(_index.Put(Family.At(Here, _ada, 1, epoch: 2), Now));
        Assert.False(_index.Put(Family.At(Here, _ada, 99), Now));
    }

    [Fact]
    public void Who_leaves_a_cell_leaves_its_neighbours_borders_too()
    {
        var edge = new GeoPoint(48.2080078125, 16.37);
        var home = new SharingIndex(SharingCells.Of(edge), Options);
        home.Put(Family.At(edge, _ada, 5, grants: Family.To(_ben)), Now);
        var told = home.News(Now);
        Assert.Contains(told, n => n.Value.Entries is [{ Seq: 5 }]);
        Assert.False(home.HasNews);
        home.Leave(new SharingLeave(_ada, 1, 6), Now);
        var gone = home.News(Now);
        Assert.Equal(told.Keys.Order(Comparer<GeocellId>.Create((a, b) => a.Value.CompareTo(b.Value))), gone.Keys.Order(Comparer<GeocellId>.Create((a, b) => a.Value.CompareTo(b.Value))));
        Assert.All(gone.Values, border => Assert.Equal(new SharingLeave(_ada, 1, 6), Assert.Single(border.Leaves)));
    }

    [Fact]
    public void An_expired_position_is_neither_taken_nor_found_nor_told_and_goes_with_the_next_sweep()
    {
        Assert.False(_index.Put(Family.At(Here, _ada, age: TimeSpan.FromMinutes(2)), Now));
        _index.Put(Family.At(Here, _ada, age: TimeSpan.FromSeconds(110), grants: Family.To(_ben)), Now);
        var late = Now.AddSeconds(10);
        Assert.Empty(_index.Near(Family.At(Here, _ben, grants: Family.To(_ada)), late));
        Assert.Empty(_index.News(late));
        _index.Sweep(late);
        Assert.Equal(0, _index.Count);
    }

    [Fact]
    public void In_a_stadium_of_100_000_everybody_finds_her_own_and_nobody_else()
    {
        var family = new Family(100_000);
        var crowd = new List<SharingEntry>();
        for (var pair = 0; pair < 50_000; pair++)
        {
            var (one, other) = (family.Id(), family.Id());
            crowd.Add(Family.At(family.Somewhere(Here, 200), one, grants: Family.To(other)));
            crowd.Add(Family.At(family.Somewhere(Here, 200), other, grants: Family.To(one)));
        }

        foreach (var entry in crowd) _index.Put(entry, Now);
        Assert.Equal(100_000, _index.Count);
        for (var i = 0; i < crowd.Count; i++) Assert.Equal(crowd[i ^ 1].Person, Assert.Single(_index.Near(crowd[i], Now)).Relative);
        _index.Sweep(Now.AddMinutes(2));
        Assert.Equal(0, _index.Count);
    }

    private static IEnumerable<RelativeSighting> Expected(SharingEntry me, IEnumerable<SharingEntry> everybody)
    {
        foreach (var other in everybody.Where(e => e.Person != me.Person))
        {
            var (mine, hers) = (Grant(me, other), Grant(other, me));
            if (mine is null || hers is null) continue;
            var point = hers.Precision == SharePrecision.Exact ? other.Point : other.Square;
            var distance = (mine.Precision == SharePrecision.Exact ? me.Point : me.Square).DistanceTo(point);
            if (distance.Metres <= 1_400) yield return new(other.Person, point, hers.Precision, distance, Distance.FromMetres(hers.Precision == SharePrecision.Exact ? 10 : 0), Now);
        }
    }

    private static ShareGrant? Grant(SharingEntry from, SharingEntry to) => from.Grants.FirstOrDefault(g => g.Viewer == to.Person && !(g.Until <= Now));
}
