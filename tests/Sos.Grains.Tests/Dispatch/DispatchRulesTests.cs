using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Alerts;
using Sos.Grains.Dispatch;
using Sos.Grains.Tests.Alerts;

namespace Sos.Grains.Tests.Dispatch;

public sealed class DispatchRulesTests
{
    private readonly AlertBench _bench = new();

    private ImmutableArray<Candidate> Rank(bool assigning, params CellHit[] hits) => DispatchRules.Rank(_bench.State, [.. hits], new HashSet<Guid>(), assigning, _bench.Now, _bench.Options);

    [Fact]
    public void A_wave_is_the_smallest_set_of_whom_somebody_accepts_with_ninety_percent()
    {
        var ranked = Enumerable.Range(0, 20).Select(i => AlertBench.Candidate(Guid.NewGuid(), 0.5)).ToImmutableArray();
        Assert.Equal(4, DispatchRules.Wave(ranked, _bench.Options).Length);
        Assert.Equal(8, DispatchRules.Wave([.. ranked.Select(c => c with { Acceptance = 0.05 })], _bench.Options).Length);
    }

    [Fact]
    public void The_trained_one_farther_away_is_asked_before_the_untrained_one_near_by()
    {
        _bench.Raise(AlertKind.Medical);
        var ranked = Rank(false, AlertBench.Hit(_bench.Anna, 1500), AlertBench.Hit(_bench.Ben, 600, Capabilities.None));
        Assert.Equal(_bench.Anna, ranked[0].Responder);
    }

    [Fact]
    public void Safety_alerts_go_to_cleared_responders_only()
    {
        _bench.Raise(AlertKind.Safety);
        var ranked = Rank(false, AlertBench.Hit(_bench.Anna, 100), AlertBench.Hit(_bench.Ben, 2500, Capabilities.Safety));
        Assert.Equal("not-cleared", ranked.Single(c => c.Responder == _bench.Anna).Reason);
        Assert.Equal(_bench.Ben, Assert.Single(DispatchRules.Wave(ranked, _bench.Options)).Responder);
    }

    [Fact]
    public void The_victim_is_never_asked_to_help_herself()
    {
        _bench.Raise();
        Assert.Empty(Rank(true, AlertBench.Hit(_bench.Victim, 0)));
    }

    [Fact]
    public void A_stale_position_counts_less_than_a_live_one_at_the_same_place()
    {
        _bench.Raise();
        var ranked = Rank(false, AlertBench.Hit(_bench.Anna, 500, freshness: Freshness.Stale, at: _bench.Now.AddMinutes(-10)), AlertBench.Hit(_bench.Ben, 500));
        Assert.Equal(_bench.Ben, ranked[0].Responder);
        Assert.True(ranked[1].EtaSeconds > ranked[0].EtaSeconds + 60);
    }

    [Fact]
    public void Who_was_asked_waits_who_declined_is_left_alone_who_was_silent_is_asked_again_after_everybody_else()
    {
        _bench.Raise().Ask(_bench.Anna);
        Assert.Equal("asked-already", Rank(false, AlertBench.Hit(_bench.Anna, 500))[0].Reason);
        Assert.Equal("not-needed", Rank(true, AlertBench.Hit(_bench.Anna, 500))[0].Reason);
        _bench.After(TimeSpan.FromSeconds(20));
        Assert.Equal("silent-before", Rank(false, AlertBench.Hit(_bench.Anna, 500))[0].Reason);
        Assert.Equal(_bench.Ben, Rank(true, AlertBench.Hit(_bench.Anna, 500), AlertBench.Hit(_bench.Ben, 500))[0].Responder);
        Assert.Equal("not-needed", Rank(true, AlertBench.Hit(_bench.Anna, 500))[0].Reason);
        _bench.State.Exhausted++;
        Assert.Equal("not-needed", Rank(false, AlertBench.Hit(_bench.Anna, 500))[0].Reason);
        _bench.State.OfferOf(_bench.Anna)!.Answer = OfferAnswer.Declined;
        Assert.Equal("declined-before", Rank(true, AlertBench.Hit(_bench.Anna, 500))[0].Reason);
    }

    [Fact]
    public void Nobody_in_the_ring_widens_it_and_after_the_last_one_staff_is_called_once_and_all_is_tried_again()
    {
        _bench.Raise().Sent();
        for (var ring = 1; ring < 4; ring++)
        {
            DispatchMoves.FoundNobody(_bench.State, true, 0, _bench.Now, _bench.Options);
            Assert.Equal(ring, _bench.State.Ring);
            Assert.Equal(_bench.Now, _bench.State.DueAt);
        }

        DispatchMoves.FoundNobody(_bench.State, true, 0, _bench.Now, _bench.Options);
        DispatchMoves.FoundNobody(_bench.State, true, 0, _bench.Now, _bench.Options);
        Assert.Single(_bench.Outbox(OutboxKind.CallStaff));
        Assert.Equal(_bench.Now + _bench.Options.RetryEvery, _bench.State.DueAt);
    }

    [Fact]
    public void A_ring_whose_cells_have_just_started_is_asked_again_for_three_seconds_before_it_is_widened()
    {
        _bench.Raise();
        DispatchMoves.FoundNobody(_bench.State, false, 2, _bench.Now, _bench.Options);
        Assert.Equal(0, _bench.State.Ring);
        Assert.Equal(_bench.Now.AddSeconds(1), _bench.State.NextWaveAt);
        _bench.Now = _bench.Now.AddSeconds(3);
        DispatchMoves.FoundNobody(_bench.State, false, 2, _bench.Now, _bench.Options);
        Assert.Equal(1, _bench.State.Ring);
    }

    [Fact]
    public void The_assigned_one_who_is_silent_is_replaced_at_once_and_counts_as_silent()
    {
        _bench.Raise().After(TimeSpan.FromSeconds(30)).Assign(_bench.Anna).Sent().After(TimeSpan.FromSeconds(20));
        Assert.Null(_bench.State.Holder);
        Assert.Equal(_bench.Now, _bench.State.DueAt);
        Assert.Equal(ReleaseReason.Silent, Assert.Single(_bench.Outbox(OutboxKind.Release)).Reason);
        Assert.Equal("silent-before", Rank(true, AlertBench.Hit(_bench.Anna, 10))[0].Reason);
    }

    [Fact]
    public void Without_a_receipt_the_offer_is_pushed_once_more_and_then_texted_once()
    {
        _bench.Raise().Ask(_bench.Anna).Sent().After(TimeSpan.FromSeconds(5));
        Assert.Single(_bench.Outbox(OutboxKind.Deliver));
        Assert.Empty(_bench.Outbox(OutboxKind.Text));
        _bench.After(TimeSpan.FromSeconds(5)).After(TimeSpan.FromSeconds(5));
        Assert.Single(_bench.Outbox(OutboxKind.Text));
    }

    [Fact]
    public void With_no_device_connected_the_text_comes_after_five_seconds()
    {
        _bench.Raise().Ask(_bench.Anna).Sent();
        _bench.State.OfferOf(_bench.Anna)!.Offline = true;
        _bench.After(TimeSpan.FromSeconds(5));
        Assert.Single(_bench.Outbox(OutboxKind.Text));
    }

    [Fact]
    public void After_a_minute_with_nobody_the_victim_is_told_the_truth()
    {
        _bench.Raise().After(TimeSpan.FromSeconds(60));
        Assert.True(_bench.State.NobodyYet);
        Assert.Contains(AlertEventKind.NobodyYet, _bench.Story);
        Assert.Null(_bench.State.NobodyYetAt);
    }
}
