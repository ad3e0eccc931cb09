using Sos.Contracts.Geo;
using Sos.Grains.Tests.Responders;

namespace Sos.Grains.Tests.Geo;

public class NearbySearchTests
{
    private static readonly GeoPoint Here = ResponderBench.Here;

    [Fact]
    public async Task Finds_the_nearest_over_many_cells_as_going_through_everybody_does()
    {
        const int seed = 5;
        var people = new CellPeople(seed);
        await using var bench = await ResponderBench.Start();
        var crowd = Enumerable.Range(0, 2_000).Select(_ => people.Somebody(Here, 20_000)).Select(e => Lasting(e, bench.Now)).ToArray();
        foreach (var entry in crowd) await Cell(bench, entry.Point).Report(entry);
        for (var i = 0; i < 30; i++)
        {
            var query = new CellQuery(people.Somewhere(Here, 10_000), Distance.FromMetres(people.Below(10_000)), 1 + people.Below(50));
            var found = await bench.Search.Find(query.Centre, query.Radius, query.Limit);
            Assert.Equal(CellPeople.Nearest(crowd, query).Select(h => h.Entry.Person), found.Hits.Select(h => h.Entry.Person));
        }
    }

    [Fact]
    public async Task A_cell_that_fails_counts_as_warming_and_the_others_answer()
    {
        await using var bench = await ResponderBench.Start();
        var entry = Lasting(CellPeople.At(Here), bench.Now);
        await Cell(bench, Here).Report(entry);
        await bench.Host.Advance(TimeSpan.FromSeconds(1));
        await bench.Find(Here, 5_000);
        await bench.Host.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, (await bench.Find(Here, 5_000)).WarmingCells);

        var broken = GeocellId.Of(ResponderBench.Next).ToString();
        bench.Watch.OnSearch = cell => cell == broken ? Task.FromException(new InvalidOperationException("Broken for the test.")) : null;
        var found = await bench.Find(Here, 5_000);
        Assert.Equal((entry.Person, 1, 1), (Assert.Single(found.Hits).Entry.Person, found.WarmingCells, found.FailedCells));
    }

    [Fact]
    public async Task A_silent_cell_holds_a_search_for_two_seconds_and_no_longer()
    {
        await using var bench = await ResponderBench.Start();
        var entry = Lasting(CellPeople.At(Here), bench.Now);
        await Cell(bench, Here).Report(entry);
        var silent = GeocellId.Of(ResponderBench.Next).ToString();
        var (asked, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        bench.Watch.OnSearch = cell =>
        {
            if (cell != silent) return null;
            asked.TrySetResult();
            return release.Task;
        };

        var search = bench.Find(Here, 5_000);
        await asked.Task;
        await bench.Host.Time.ArmedFor(TimeSpan.FromSeconds(2));
        Assert.False(search.IsCompleted);
        await bench.Host.Advance(TimeSpan.FromSeconds(2));

        var found = await search;
        Assert.True(found.FailedCells > 0);
        Assert.True(found.WarmingCells >= found.FailedCells);
        release.SetResult();
        bench.Watch.OnSearch = static _ => null;
        found = await bench.Find(Here, 5_000);
        Assert.Equal((entry.Person, 0), (Assert.Single(found.Hits).Entry.Person, found.FailedCells));
    }

    [Fact]
    public async Task At_the_pole_the_nearest_cells_are_asked_and_the_search_says_how_many_were_not()
    {
        await using var bench = await ResponderBench.Start();
        var entry = Lasting(CellPeople.At(new GeoPoint(89.2, 100)), bench.Now);
        await Cell(bench, entry.Point).Report(entry);
        var found = await bench.Search.Find(new GeoPoint(89.2, 100.01), Distance.FromKilometres(25), 10);
        Assert.Equal(entry.Person, Assert.Single(found.Hits).Entry.Person);
        Assert.InRange(found.SkippedCells, 1, 10_000);
    }

    private static IGeocellGrain Cell(ResponderBench bench, GeoPoint point) => bench.Host.Grains.GetGrain<IGeocellGrain>(GeocellId.Of(point).ToString());

    private static CellEntry Lasting(CellEntry entry, DateTimeOffset now) => entry with { At = now, Expires = now.AddMinutes(30) };
}
