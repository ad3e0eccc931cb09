using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;

namespace Sos.Grains.Tests.Relatives;

public sealed class NearbyLifeTests : IAsyncLifetime
{
    private NearbyBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await NearbyBench.Start();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Who_comes_near_and_goes_is_told_by_her_own_report_and_the_other_has_heard_of_it_before_hers()
    {
        var (ada, ben) = await _bench.Relatives();
        await _bench.At(ada, 0);
        var met = _bench.Calls.Next("IUserGrain.Met");
        var change = Assert.Single((await _bench.At(ben, 900)).Changes);
        Assert.Equal((ada, NearbyMove.Entering, _bench.Now, NearbyBench.East(0)), (change.Relative, change.Move, change.At, change.Point));
        Assert.Equal(900, change.Distance.Metres, 0.1);
        await met;
        await _bench.Advance(20);
        Assert.Empty((await _bench.At(ada, 0)).Changes);

        await _bench.Advance(20);
        Assert.Empty((await _bench.At(ben, 2_500)).Changes);
        await _bench.Advance(20);
        met = _bench.Calls.Next("IUserGrain.Met");
        change = Assert.Single((await _bench.At(ben, 2_600)).Changes);
        Assert.Equal((ada, NearbyMove.Exiting, null), (change.Relative, change.Move, change.Point));
        await met;
        Assert.Empty((await _bench.At(ada, 5_000)).Changes);
        Assert.Empty((await _bench.At(ada, 5_000)).Changes);
    }

    [Fact]
    public async Task A_report_is_two_calls_and_no_write_also_with_twenty_relatives_around()
    {
        var people = Enumerable.Range(0, 21).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var person in people) await _bench.Shows(person, [.. people.Where(other => other != person).Select(other => Family.To(other))]);
        for (var i = 0; i < people.Length; i++) await _bench.At(people[i], 10 * i);
        await _bench.Calls.Reached("IUserGrain.Met", 20 * 21 / 2);
        _bench.RefusesWrites = true;
        await _bench.Advance(20);
        var (users, cells) = (_bench.Calls.Count("IUserGrain.Report"), _bench.Calls.Count("ISharingCellGrain.Share"));
        await _bench.User(people[0]).Report([new PositionReport(NearbyBench.East(1), Distance.FromMetres(10), _bench.Now)]);
        Assert.Equal((users + 1, cells + 1), (_bench.Calls.Count("IUserGrain.Report"), _bench.Calls.Count("ISharingCellGrain.Share")));
        Assert.Equal(20 * 21 / 2, _bench.Calls.Count("IUserGrain.Met"));
    }

    [Fact]
    public async Task Across_an_edge_relatives_meet_within_a_second()
    {
        var (ada, ben) = await _bench.Relatives();
        var edge = GeocellId.Of(NearbyBench.Here).Bounds().East;
        var (west, east) = (NearbyBench.Here with { Longitude = edge - 0.001 }, NearbyBench.Here with { Longitude = edge + 0.001 });
        await _bench.At(ada, west);
        Assert.Empty((await _bench.At(ben, east)).Changes);
        await _bench.Advance(1);
        await NearbyBench.Until("the cells have told each other", async () => !(await _bench.At(ben, east)).Changes.IsEmpty);
    }

    /// <summary>The asker stands where she is, in the next cell, and where she was before.</summary>
    [Fact]
    public async Task Consent_withdrawn_is_out_of_every_cell_before_the_answer()
    {
        var (ada, ben) = await _bench.Relatives();
        var edge = GeocellId.Of(NearbyBench.Here).Bounds().East;
        GeoPoint[] places = [NearbyBench.Here with { Longitude = edge - 0.03 }, NearbyBench.Here with { Longitude = edge - 0.001 }, NearbyBench.Here with { Longitude = edge + 0.001 }];
        foreach (var place in places)
        {
            await _bench.At(ada, place);
            await Borders(ada, ben, place);
        }

        await Borders(ada, ben, places[1]);
        await _bench.At(ada, places[2]);
        await _bench.Shows(ada);

        // Also not by what the cells were still to tell each other of her last report.
        for (var i = 0; i < 30; i++)
        {
            foreach (var place in places) Assert.Empty(await _bench.Ask(place, ada, ben));
            await _bench.Advance(0.5);
        }
    }

    [Fact]
    public async Task Less_consent_is_known_to_the_cell_before_the_answer_and_an_older_one_changes_nothing()
    {
        var (ada, ben, cleo) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var before = new SharingPolicy(5, [Family.To(ben), Family.To(cleo)]);
        await _bench.User(ada).Share(before);
        await _bench.At(ada, 0);
        await _bench.User(ada).Share(new SharingPolicy(6, [Family.To(ben, SharePrecision.Approximate)]));
        await _bench.User(ada).Share(before);
        Assert.Empty(await _bench.Ask(NearbyBench.Here, ada, cleo));
        var seen = Assert.Single(await _bench.Ask(NearbyBench.Here, ada, ben));
        Assert.Equal(SharePrecision.Approximate, seen.Precision);
        Assert.NotEqual(NearbyBench.Here, seen.Point);
    }

    [Fact]
    public async Task A_deleted_account_is_in_no_cell()
    {
        var (ada, ben) = await _bench.Relatives();
        await _bench.User(ada).Register(new UserRegistration("+43664000001", null, Roles.User));
        await _bench.At(ada, 0);
        Assert.Single(await _bench.Ask(NearbyBench.Here, ada, ben));
        await _bench.User(ada).Erase();
        Assert.Empty(await _bench.Ask(NearbyBench.Here, ada, ben));
    }

    [Fact]
    public async Task What_was_true_a_while_ago_meets_nobody()
    {
        var (ada, ben) = await _bench.Relatives();
        await _bench.At(ada, 0);
        Assert.Empty((await _bench.At(ben, NearbyBench.East(100), secondsAgo: 121)).Changes);
        var batch = await _bench.User(ben).Report([.. Enumerable.Range(0, 100).Select(i => new PositionReport(NearbyBench.East(i < 99 ? 100 : 5_000), null, _bench.Now.AddSeconds(i - 99)))]);
        Assert.Equal((ReportOutcome.Accepted, 0), (batch.Outcome, batch.Changes.Length));
        Assert.Single((await _bench.At(ben, 100)).Changes);
    }

    [Fact]
    public async Task A_fix_of_a_kilometre_says_nothing()
    {
        var (ada, ben) = await _bench.Relatives();
        await _bench.At(ada, 0);
        Assert.Empty((await _bench.User(ben).Report([new PositionReport(NearbyBench.East(100), Distance.FromMetres(1_000), _bench.Now)])).Changes);
    }

    [Fact]
    public async Task Nobody_is_told_of_a_meeting_by_whom_she_shows_herself_to_no_more()
    {
        var (ada, ben) = await _bench.Relatives();
        await _bench.At(ada, 0);
        await _bench.Shows(ada);
        await _bench.User(ada).Met(new RelativeMeeting(ben, NearbyMove.Entering, NearbyBench.East(5), SharePrecision.Exact, default, _bench.Now));
        Assert.Empty((await _bench.At(ada, 0)).Changes);
    }

    /// <summary>
    /// A stalker moves as he likes, also where no phone can be. Whether she has withdrawn (which both of them lose by) or has no signal any more: to the last
    /// number of every answer, in 40 minutes, it is the same.
    /// </summary>
    [Theory]
    [InlineData(SharePrecision.Exact)]
    [InlineData(SharePrecision.Approximate)]
    public async Task Who_withdraws_looks_just_like_somebody_without_a_signal(SharePrecision precision)
    {
        var all = new List<string>();
        for (var seed = 1; seed <= 6; seed++)
        {
            var (silent, withdrawn) = (await Story(seed, withdraws: false), await Story(seed, withdraws: true));
            Assert.Equal(silent, withdrawn);
            all.AddRange(silent);
        }

        foreach (var move in new[] { "Entering", "Exiting" }) Assert.Contains(all, line => line.Contains(move, StringComparison.Ordinal));

        async Task<List<string>> Story(int seed, bool withdraws)
        {
            var family = new Family(seed);
            var (ada, stalker) = (Guid.NewGuid(), Guid.NewGuid());
            await _bench.Shows(ada, Family.To(stalker, precision));
            await _bench.Shows(stalker, Family.To(ada));
            var (start, story) = (_bench.Now, new List<string>());
            for (var i = 0; i < 10; i++)
            {
                await _bench.Advance(20);
                await _bench.At(ada, family.Somewhere(NearbyBench.Here, 600));
                await Stalk(family.Somewhere(NearbyBench.Here, 600));
            }

            if (withdraws)
            {
                await _bench.Shows(ada);
                await _bench.Shows(stalker);
            }

            for (var i = 0; i < 200; i++)
            {
                await _bench.Advance(12);
                await Stalk(family.Somewhere(NearbyBench.Here, family.Below(3) == 0 ? 6_000 : 500));
            }

            return story;

            async Task Stalk(GeoPoint place)
            {
                var outcome = await _bench.At(stalker, place);
                var changes = outcome.Changes.Select(c => $"{c.Move} {c.At - start} {c.Distance} {c.Point}");
                story.Add($"{_bench.Now - start}: {string.Join("; ", changes)}");
            }
        }
    }

    // The second after which cells tell their neighbours, and until the cell of a place has heard.
    private async Task Borders(Guid about, Guid viewer, GeoPoint place)
    {
        await _bench.Advance(1);
        await NearbyBench.Until("the cell has heard of her", async () => !(await _bench.Ask(place, about, viewer)).IsEmpty);
    }
}
