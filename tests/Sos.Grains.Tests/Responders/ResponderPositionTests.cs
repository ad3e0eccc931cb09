using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Tests.Responders;

public class ResponderPositionTests
{
    private static readonly GeoPoint Here = ResponderBench.Here;
    private static readonly GeoPoint Next = ResponderBench.Next;

    [Fact]
    public async Task Nobody_is_found_who_is_not_cleared_or_not_on_duty()
    {
        await using var bench = await ResponderBench.Start();
        var stranger = bench.Responder(Guid.CreateVersion7());
        Assert.Null((await stranger.SetDuty(new DutyChange(true, null, null))).View);
        Assert.Null(await stranger.View());
        Assert.Equal(ReportOutcome.OffDuty, await bench.Report(stranger, Here));

        var (_, grain) = await bench.OnDuty();
        await grain.SetDuty(new DutyChange(false, null, null));
        Assert.Equal(ReportOutcome.OffDuty, await bench.Report(grain, Here));
        Assert.Empty((await bench.Find(Here)).Hits);
        Assert.Null((await grain.View())!.Position);
    }

    [Fact]
    public async Task She_is_found_where_she_is_with_what_dispatch_needs_and_only_there()
    {
        await using var bench = await ResponderBench.Start();
        var (id, grain) = await bench.OnDuty(capacity: 2);
        Assert.Equal(ReportOutcome.Accepted, await bench.Report(grain, Here));
        var hit = Assert.Single((await bench.Find(Here)).Hits);
        Assert.Equal((id, Freshness.Live), (hit.Entry.Person, hit.Freshness));
        Assert.Equal(new ResponderTraits(Capabilities.Medical, Transport.Car, 2, 0.5, bench.Now), hit.Entry.Traits);

        await bench.Report(grain, Next);
        Assert.Empty(await bench.In(Here));
        Assert.Equal(Next, Assert.Single(await bench.In(Next)).Entry.Point);
    }

    [Fact]
    public async Task Off_duty_or_suspended_she_is_out_of_her_cell_before_the_answer()
    {
        await using var bench = await ResponderBench.Start();
        var (_, grain) = await bench.OnDuty();
        await bench.Report(grain, Here);
        await grain.SetDuty(new DutyChange(false, null, null));
        Assert.Empty(await bench.In(Here));

        await grain.SetDuty(new DutyChange(true, null, null));
        Assert.Empty(await bench.In(Here));
        await bench.Report(grain, Here);
        Assert.Single(await bench.In(Here));
        var view = await grain.Clear(new ResponderClearance(false, Capabilities.Medical, "Ada"));
        Assert.False(view.OnDuty);
        Assert.Empty(await bench.In(Here));
        Assert.Null((await grain.SetDuty(new DutyChange(true, null, null))).View);
    }

    [Fact]
    public async Task Without_a_heartbeat_she_is_stale_after_60_s_and_gone_when_her_position_is_30_min_old()
    {
        await using var bench = await ResponderBench.Start();
        var (_, grain) = await bench.OnDuty();
        await bench.Report(grain, Here);
        await bench.Host.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(Freshness.Stale, Assert.Single((await bench.Find(Here)).Hits).Freshness);

        Assert.Equal(ReportOutcome.Accepted, await bench.Report(grain, null));
        Assert.Equal(Freshness.Live, Assert.Single((await bench.Find(Here)).Hits).Freshness);

        await bench.Host.Advance(TimeSpan.FromMinutes(29));
        Assert.Empty((await bench.Find(Here)).Hits);
        await bench.Report(grain, null);
        Assert.Empty((await bench.Find(Here)).Hits);
        Assert.Null((await grain.View())!.Position);
    }

    [Fact]
    public async Task Older_reports_future_clocks_and_numbers_that_are_no_position_do_no_harm()
    {
        await using var bench = await ResponderBench.Start();
        var (_, grain) = await bench.OnDuty();
        Assert.Equal(ReportOutcome.Accepted, await bench.Report(grain, Here, TimeSpan.FromHours(-1)));
        Assert.Equal(bench.Now, (await grain.View())!.Position!.At);
        Assert.Equal(ReportOutcome.Outdated, await bench.Report(grain, Next, TimeSpan.FromSeconds(5)));
        Assert.Equal(ReportOutcome.Outdated, await bench.Report(grain, Next, TimeSpan.FromHours(1)));
        foreach (var bad in new[] { new GeoPoint(double.NaN, 0), new GeoPoint(0, double.PositiveInfinity), new GeoPoint(200, 0) })
        {
            Assert.Equal(ReportOutcome.Accepted, await bench.Report(grain, bad));
        }

        Assert.Equal(Here, Assert.Single((await bench.Find(Here)).Hits).Entry.Point);
    }

    [Fact]
    public async Task After_a_restart_the_roster_brings_her_back_stale_and_the_cell_says_that_it_is_warming()
    {
        await using var bench = await ResponderBench.Start();
        var (id, grain) = await bench.OnDuty();
        await bench.Report(grain, Here);
        await bench.Watch.Reached("IRosterIndexGrain.Announce", RosterBuckets.Count);
        await bench.Restart();

        var announced = bench.Watch.Next("IGeocellGrain.Report");
        Assert.True((await bench.Find(Here, 10)).WarmingCells > 0);
        await bench.Watch.Reached("IRosterIndexGrain.Announce", 2 * RosterBuckets.Count);
        await bench.Host.Advance(TimeSpan.FromSeconds(5));
        await announced;

        var hit = Assert.Single((await bench.Find(Here, 3_000)).Hits);
        Assert.Equal((id, Freshness.Stale), (hit.Entry.Person, hit.Freshness));
        Assert.True((await bench.Responder(id).View())!.Position!.LastKnown);

        await bench.Report(bench.Responder(id), Here);
        await bench.Host.Advance(TimeSpan.FromSeconds(55));
        var found = await bench.Find(Here, 10);
        Assert.Equal((0, Freshness.Live), (found.WarmingCells, Assert.Single(found.Hits).Freshness));
    }

    /// <summary>What is durable shows in what a restart brings back.</summary>
    [Fact]
    public async Task The_cell_is_written_when_it_changes_but_at_most_once_a_minute()
    {
        await using var bench = await ResponderBench.Start();
        var (id, grain) = await bench.OnDuty();
        await bench.Report(grain, Here);
        await bench.Host.Advance(TimeSpan.FromSeconds(30));
        await bench.Report(grain, Next);
        await bench.Restart();
        Assert.Equal(Here, (await bench.Responder(id).View())!.Position!.Point);

        await bench.Host.Advance(TimeSpan.FromSeconds(31));
        await bench.Report(bench.Responder(id), Next);
        await bench.Restart();
        Assert.Equal(Next, (await bench.Responder(id).View())!.Position!.Point);
    }

    [Fact]
    public async Task A_roster_that_lists_somebody_off_duty_is_put_right()
    {
        await using var bench = await ResponderBench.Start();
        var (id, _) = await bench.OnDuty();
        var bucket = bench.Host.Grains.GetGrain<IRosterIndexGrain>(RosterBuckets.KeyOf(AreaId.Of(Here), id));
        await bucket.Add(id);
        var removed = bench.Watch.Next("IRosterIndexGrain.Remove");
        await bucket.Announce(GeocellId.Of(Here).ToString());
        await bench.Watch.Reached("IRosterIndexGrain.Announce", 1);
        await bench.Host.Advance(TimeSpan.FromSeconds(1));
        await removed;

        var asked = bench.Watch.Count("IResponderGrain.Announce");
        await bucket.Announce(GeocellId.Of(Here).ToString());
        await bench.Host.Advance(TimeSpan.FromSeconds(5));
        await bucket.Add(id);
        Assert.Equal(asked, bench.Watch.Count("IResponderGrain.Announce"));
    }

    [Fact]
    public async Task A_shift_that_begins_at_once_is_on_the_roster_after_a_crash()
    {
        await using var bench = await ResponderBench.Start();
        var bucket = RosterBuckets.Key(AreaId.Of(Here), 7);
        var shift = Enumerable.Range(0, 500).Select(i => new Guid(i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7)).ToArray();
        await Task.WhenAll(shift.Select(id => bench.Host.Grains.GetGrain<IRosterIndexGrain>(bucket).Add(id)));
        await bench.Restart();

        await bench.Host.Grains.GetGrain<IRosterIndexGrain>(bucket).Announce(GeocellId.Of(Here).ToString());
        await bench.Watch.Reached("IRosterIndexGrain.Announce", 1);
        await bench.Host.Advance(TimeSpan.FromSeconds(1));
        await bench.Watch.Reached("IResponderGrain.Announce", shift.Length);
        Assert.Equal(shift.Length, bench.Watch.Count("IResponderGrain.Announce"));
    }
}
