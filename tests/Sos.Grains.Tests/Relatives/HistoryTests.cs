using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Relatives;

/// <summary>What is kept of encounters: each arrival and leave once, nearness every ten minutes, no more than fits, no longer than said.</summary>
public sealed class HistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ben = Guid.CreateVersion7(Start);

    [Fact]
    public void An_arrival_and_a_leave_are_one_record_each_and_nearness_one_in_ten_minutes()
    {
        var state = new RelativeHistoryState();
        Assert.True(Keep(state, NearbyMove.Entering, 0));
        Assert.False(Keep(state, NearbyMove.Entering, 0));
        Assert.False(Keep(state, NearbyMove.Entering, 1));
        for (var minute = 1; minute < 40; minute++) Keep(state, NearbyMove.InRange, minute);
        Assert.True(Keep(state, NearbyMove.Exiting, 40));
        Assert.False(Keep(state, NearbyMove.Exiting, 41));
        Assert.True(Keep(state, NearbyMove.Entering, 42));
        Assert.Equal(
            [NearbyMove.Entering, NearbyMove.InRange, NearbyMove.InRange, NearbyMove.InRange, NearbyMove.Exiting, NearbyMove.Entering],
            state.Encounters.Select(e => e.Move));
    }

    [Fact]
    public void A_full_history_drops_the_oldest_and_stays_under_its_limit()
    {
        var state = new RelativeHistoryState();
        var name = new string('ü', 60);
        var relatives = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToList();
        for (var i = 0; i < 1_000; i++)
        {
            var at = Start.AddHours(i);
            HistoryRules.Keep(state, [new RelativeEncounter(Guid.NewGuid(), relatives[i / 2 % 40], name, i % 2 == 0 ? NearbyMove.Entering : NearbyMove.Exiting, at, 1_000, at)]);
            HistoryRules.Looked(state, new RelativeLook(relatives[i % 40], name, at));
        }

        foreach (var entry in state.Encounters) entry.DismissedAt = Start;
        Assert.Equal((HistoryRules.MostEncounters, HistoryRules.MostLooks), (state.Encounters.Count, state.Looks.Count));
        Assert.Equal(Start.AddHours(999), state.Encounters[^1].At);
        Assert.InRange(new SosStateSerializer().Serialize(state).ToMemory().Length, 1, 60 * 1024);
        Assert.True(HistoryRules.Purge(state, Start.AddHours(990)));
        Assert.Equal((10, 15), (state.Encounters.Count, state.Names.Count));
    }

    [Fact]
    public void Who_looks_all_the_time_does_not_hide_that_somebody_else_has_looked()
    {
        var (state, eve) = (new RelativeHistoryState(), Guid.NewGuid());
        HistoryRules.Looked(state, new RelativeLook(eve, "Eve", Start));
        for (var i = 1; i < 400; i++) HistoryRules.Looked(state, new RelativeLook(Ben, "Ben", Start.AddMinutes(11 * i)));
        Assert.Equal((HistoryRules.MostLooks, 1), (state.Looks.Count, state.Looks.Count(look => look.Relation == eve)));
        Assert.Equal(Start.AddMinutes(11 * 399), state.Looks[^1].At);
    }

    [Fact]
    public async Task Records_are_made_for_accepted_relatives_only_are_put_aside_deleted_on_demand_and_gone_after_thirty_days()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens), (eve, _)) = (await all.Person("Ann"), await all.Person("Ben"), await all.Person("Eve"));
        await all.Relate(ann, ben, bens);
        await all.Of(ann).Noted([Change(all, ben, NearbyMove.Entering), Change(all, eve, NearbyMove.Entering)]);
        var kept = Assert.Single(await all.History(ann).Encounters());
        Assert.Equal(("Ben", NearbyMove.Entering, 420d), (kept.Name, kept.Move, kept.Metres));
        Assert.NotNull((await all.History(ann).Dismiss(kept.Id))!.DismissedAt);
        Assert.Null(await all.History(ann).Dismiss(Guid.NewGuid()));

        await all.City.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.NotNull((await all.History(ann).Encounters()).Single().DismissedAt);
        await all.City.Grains.GetGrain<IBlocksGrain>(ann).Add(new BlockDraft(ben));
        await all.Of(ann).Noted([Change(all, ben, NearbyMove.InRange)]);
        Assert.Single(await all.History(ann).Encounters());
        await all.Of(ann).Noted([Change(all, ben, NearbyMove.Exiting)]);
        Assert.Equal(2, (await all.History(ann).Encounters()).Length); // from her own way alone, as of somebody without a signal
        await all.City.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        Assert.Empty(await all.History(ann).Encounters());
    }

    [Fact]
    public async Task Deleting_the_history_deletes_it()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        await all.Of(ann).Noted([Change(all, ben, NearbyMove.Entering)]);
        await all.History(ann).Clear();
        await all.City.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Empty(await all.History(ann).Encounters());
    }

    private static NearbyChange Change(RelativesCity all, Guid person, NearbyMove move) => new(person, move, all.City.Now, Distance.FromMetres(420), null);

    private static bool Keep(RelativeHistoryState state, NearbyMove move, int minute) =>
        HistoryRules.Keep(state, [new RelativeEncounter(Guid.NewGuid(), Ben, "Ben", move, Start.AddMinutes(minute), 500)]);
}
