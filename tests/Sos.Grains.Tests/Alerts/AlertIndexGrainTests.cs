using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Grains.Alerts;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Alerts;

/// <summary>Listings, tracks and candidate sets on a silo.</summary>
public sealed class AlertIndexGrainTests
{
    private const string Key = "area/u2ed/20260301";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_busy_day_is_listed_newest_first_each_alert_once_and_in_bounded_records()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var city = await CityHost.Start();
        var entries = Enumerable.Range(0, 2_000).Select(Entry).ToArray();

        // In bursts, mostly in order, with late ones among them, and every second one closed later.
        var order = entries.OrderBy(e => e.RaisedAt.AddSeconds(random.Next(20) == 0 ? random.Next(1_500) : 0)).ToArray();
        foreach (var burst in order.Chunk(150)) await Task.WhenAll(burst.Select(Index(city).Put));
        var closed = entries.Where((_, i) => i % 2 == 0).Select(e => e with { Status = AlertStatus.Resolved }).ToArray();
        await Task.WhenAll(closed.Select(Index(city).Put));

        var expected = entries.Select((e, i) => i % 2 == 0 ? e with { Status = AlertStatus.Resolved } : e).Reverse();
        Assert.Equal(expected, await All(city));
        for (var segment = 0; segment < 20; segment++)
        {
            var count = (await city.Grains.GetGrain<IAlertIndexSegmentGrain>($"{Key}#{segment}").Read()).Length;
            Assert.True(count <= AlertIndexRules.DivideAt + AlertIndexRules.RunLength, $"segment {segment} has {count} entries");
        }

        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Equal(expected, await All(city));
    }

    [Fact]
    public async Task Pages_stay_as_they_are_while_alerts_come_in()
    {
        await using var city = await CityHost.Start();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(Entry).Select(Index(city).Put));
        var first = await Index(city).Page(null, 40);
        await Task.WhenAll(Enumerable.Range(100, 500).Select(Entry).Select(Index(city).Put));
        var second = await Index(city).Page(first.Cursor, 40);
        var third = await Index(city).Page(second.Cursor, 40);

        Assert.Equal(Enumerable.Range(0, 100).Reverse().Select(Entry), first.Entries.Concat(second.Entries).Concat(third.Entries));
        Assert.Null(third.Cursor);
    }

    [Fact]
    public async Task An_empty_listing_is_an_empty_page_whatever_the_cursor()
    {
        await using var city = await CityHost.Start();
        foreach (var cursor in new[] { null, "nonsense", new AlertIndexMark(Start, Guid.NewGuid()).ToCursor() })
        {
            var page = await Index(city).Page(cursor, 10);
            Assert.Empty(page.Entries);
            Assert.Null(page.Cursor);
        }
    }

    [Fact]
    public async Task A_track_and_a_candidate_set_are_kept_over_a_crash_and_guessed_ones_are_empty()
    {
        await using var city = await CityHost.Start();
        var alert = Guid.NewGuid();
        var track = city.Grains.GetGrain<ITrackGrain>(ITrackGrain.KeyOf(alert, 0));
        Assert.Empty(await track.Read());
        PositionFix[] fixes = [new(CityHost.Square, null, Start), new(CityHost.Square, Distance.FromMetres(5), Start.AddSeconds(5))];
        Assert.Equal(2, await track.Append([.. fixes]));
        Assert.Equal(2, await track.Append([.. fixes]));

        var sets = city.Grains.GetGrain<ICandidateSetGrain>(CandidateSet.KeyOf(alert, 1));
        Assert.Null(await sets.Read());
        var set = new CandidateSet(1, Start, 3, "wave", 0, [new Candidate(Guid.NewGuid(), 400, 60, 1, 0.5, 0.9, true, "chosen")]);
        await sets.Keep(set);
        await sets.Keep(set with { Purpose = "assignment" });

        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Equal(fixes, await city.Grains.GetGrain<ITrackGrain>(ITrackGrain.KeyOf(alert, 0)).Read());
        var kept = await city.Grains.GetGrain<ICandidateSetGrain>(CandidateSet.KeyOf(alert, 1)).Read();
        Assert.Equal(("wave", "chosen"), (kept!.Purpose, kept.Candidates.Single().Reason));
    }

    private static IAlertIndexGrain Index(CityHost city) => city.Grains.GetGrain<IAlertIndexGrain>(Key);

    private static async Task<List<AlertIndexEntry>> All(CityHost city)
    {
        var (all, cursor) = (new List<AlertIndexEntry>(), (string?)null);
        do
        {
            var page = await Index(city).Page(cursor, 77);
            all.AddRange(page.Entries);
            cursor = page.Cursor;
        }
        while (cursor is not null);
        return all;
    }

    private static AlertIndexEntry Entry(int number) =>
        new(new Guid(number + 1, 0, 0, new byte[8]), Start.AddSeconds(number), AlertStatus.Raised, AlertKind.Medical);
}
