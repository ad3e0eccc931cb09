using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Alerts;

namespace Sos.Grains.Tests.Alerts;

public sealed class AlertRulesTests
{
    private readonly AlertBench _bench = new();

    [Fact]
    public void A_press_is_due_30_seconds_after_it_and_asks_at_once()
    {
        _bench.Raise();
        Assert.Equal(_bench.Now.AddSeconds(30), _bench.State.DueAt);
        Assert.Equal(_bench.Now, _bench.State.NextWaveAt);
        Assert.Equal(AlertStatus.Raised, _bench.State.Status);
        Assert.Equal("u2edk", GeocellId.Of(AlertBench.Square).ToString()[..5]);
        Assert.Equal("u2ed", _bench.State.Area);
    }

    [Fact]
    public void Nobody_is_asked_before_the_countdown_ends_and_the_30_seconds_count_from_there()
    {
        _bench.Raise(hold: _bench.Now.AddSeconds(5));
        Assert.Equal(_bench.Now.AddSeconds(5), _bench.State.NextWaveAt);
        Assert.Equal(_bench.Now.AddSeconds(35), _bench.State.DueAt);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_countdown_of_a_wrong_clock_neither_delays_help_nor_starts_it_in_the_past(int seconds)
    {
        _bench.Raise(hold: _bench.Now.AddSeconds(seconds));
        Assert.InRange(_bench.State.NextWaveAt!.Value, _bench.Now, _bench.Now + AlertRules.LongestHold);
    }

    [Fact]
    public void The_same_press_again_is_a_replay_another_body_under_the_same_key_is_refused_and_a_stranger_learns_nothing()
    {
        AlertRules.Raise(_bench.State, _bench.Press(fingerprint: "a"), _bench.Now, _bench.Options);
        Assert.Equal(RaiseResult.Replayed, AlertRules.Known(_bench.State, _bench.Press(fingerprint: "a")));
        Assert.Equal(RaiseResult.Replayed, AlertRules.Known(_bench.State, _bench.Press()));
        Assert.Equal(RaiseResult.KeyReused, AlertRules.Known(_bench.State, _bench.Press(fingerprint: "b")));
        Assert.Equal(RaiseResult.Foreign, AlertRules.Known(_bench.State, _bench.Press() with { Victim = Guid.NewGuid() }));
    }

    [Fact]
    public void A_press_without_a_position_is_taken_and_a_first_position_starts_the_search()
    {
        _bench.Raise(located: false);
        _bench.State.NextWaveAt = _bench.Now.AddSeconds(15);
        Assert.Equal("none", _bench.State.Area);
        _bench.Now += TimeSpan.FromSeconds(4);
        Assert.Equal(AlertRefusal.None, AlertRules.Append(_bench.State, _bench.Id, new AppendCommand(_bench.Victim, new PositionFix(AlertBench.Square, null, _bench.Now), null, null, false, null), _bench.Now));
        Assert.Equal(_bench.Now, _bench.State.NextWaveAt);
        Assert.Equal("none", _bench.State.Area);
    }

    [Fact]
    public void An_older_position_never_replaces_a_newer_one()
    {
        _bench.Raise();
        var older = new PositionFix(AlertBench.Square.Travel(0, Distance.FromKilometres(3)), null, _bench.Now.AddMinutes(-1));
        Assert.False(AlertRules.TakePosition(_bench.State, older, _bench.Now));
        Assert.Equal(AlertBench.Square, _bench.State.Position!.Point);
    }

    [Fact]
    public void One_accept_wins_and_the_others_are_stood_down()
    {
        _bench.Raise().Ask(_bench.Anna, _bench.Ben).Sent().Accept(_bench.Anna);
        Assert.Equal(AlertRefusal.Taken, _bench.Try(_bench.Ben, ResponderMove.Accept));
        var standDown = Assert.Single(_bench.Outbox(OutboxKind.Deliver), d => d.Delivery!.Kind == InboxKind.StandDown);
        Assert.Equal(_bench.Ben, standDown.Target);
        Assert.Null(_bench.State.DueAt);
        Assert.Null(_bench.State.NextWaveAt);
        Assert.Equal(_bench.Anna, Assert.Single(_bench.Outbox(OutboxKind.Confirm)).Target);
    }

    [Fact]
    public void Accepting_twice_changes_nothing()
    {
        _bench.Raise().Ask(_bench.Anna).Accept(_bench.Anna);
        var version = _bench.State.Version;
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.Accept));
        Assert.Equal(version, _bench.State.Version);
    }

    [Fact]
    public void Somebody_who_was_never_asked_finds_no_such_alert()
    {
        _bench.Raise().Ask(_bench.Anna);
        Assert.Equal(AlertRefusal.NotFound, _bench.Try(_bench.Ben, ResponderMove.Accept));
    }

    [Fact]
    public void Late_is_better_than_never_a_silent_responder_may_still_accept()
    {
        _bench.Raise().Ask(_bench.Anna).After(TimeSpan.FromSeconds(21));
        Assert.Equal(OfferAnswer.Silent, _bench.State.OfferOf(_bench.Anna)!.Answer);
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.Accept));
        Assert.Equal(AlertStatus.Accepted, _bench.State.Status);
    }

    [Theory]
    [InlineData(ResponderMove.OnScene)]
    [InlineData(ResponderMove.Resolve)]
    public void Steps_are_not_skipped(ResponderMove move)
    {
        _bench.Raise().Ask(_bench.Anna).Accept(_bench.Anna);
        Assert.Equal(AlertRefusal.IllegalMove, _bench.Try(_bench.Anna, move));
    }

    [Fact]
    public void The_whole_way_is_told_in_order_and_frees_the_responder()
    {
        _bench.Raise().Ask(_bench.Anna).Accept(_bench.Anna).Sent();
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.EnRoute));
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.OnScene));
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.Resolve));
        Assert.Equal([AlertEventKind.Raised, AlertEventKind.Offered, AlertEventKind.Accepted, AlertEventKind.EnRoute, AlertEventKind.OnScene, AlertEventKind.Resolved], _bench.Story);
        Assert.Equal(ReleaseReason.Completed, Assert.Single(_bench.Outbox(OutboxKind.Release)).Reason);
        Assert.Equal(AlertRefusal.IllegalMove, _bench.Try(_bench.Anna, ResponderMove.EnRoute));
    }

    [Fact]
    public void When_she_who_accepted_declines_others_are_asked_at_once_and_after_30_seconds_the_next_is_assigned_at_once()
    {
        _bench.Raise().Ask(_bench.Anna).Accept(_bench.Anna).Sent();
        var pressed = _bench.Now;
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.Decline));
        Assert.Equal(AlertStatus.Offered, _bench.State.Status);
        Assert.Equal(_bench.Now, _bench.State.NextWaveAt);
        Assert.Equal(pressed.AddSeconds(30), _bench.State.DueAt);
        Assert.Null(_bench.State.Holder);
        Assert.Equal(ReleaseReason.Declined, Assert.Single(_bench.Outbox(OutboxKind.Release)).Reason);
    }

    [Fact]
    public void Whoever_accepts_and_never_sets_out_is_replaced()
    {
        _bench.Raise().Ask(_bench.Anna).Accept(_bench.Anna).After(TimeSpan.FromMinutes(3));
        Assert.Equal(AlertStatus.Offered, _bench.State.Status);
        Assert.Contains(AlertEventKind.Unassigned, _bench.Story);
    }

    [Fact]
    public void An_answer_to_an_older_assignment_is_stale()
    {
        _bench.Raise().Ask(_bench.Anna);
        var old = _bench.State.Version - 1;
        _bench.Assign(_bench.Anna);
        Assert.Equal(AlertRefusal.Stale, _bench.Try(_bench.Anna, ResponderMove.Accept, old));
    }

    [Fact]
    public void A_cancel_stands_everybody_down_and_again_changes_nothing()
    {
        _bench.Raise().Ask(_bench.Anna).Sent();
        var cancel = new CancelCommand(_bench.Victim, "I am fine", null);
        Assert.Equal(AlertRefusal.None, AlertRules.Cancel(_bench.State, _bench.Id, cancel, _bench.Now));
        Assert.Single(_bench.Outbox(OutboxKind.Deliver), d => d.Delivery!.Kind == InboxKind.StandDown);
        var seq = _bench.State.Seq;
        Assert.Equal(AlertRefusal.None, AlertRules.Cancel(_bench.State, _bench.Id, cancel, _bench.Now));
        Assert.Equal(seq, _bench.State.Seq);
        Assert.Equal(AlertRefusal.NotFound, AlertRules.Cancel(_bench.State, _bench.Id, cancel with { Victim = _bench.Anna }, _bench.Now));
    }

    [Fact]
    public void The_same_command_key_is_carried_out_once_and_never_for_another_request()
    {
        _bench.Raise();
        var note = new AppendCommand(_bench.Victim, null, "third floor", null, false, new CommandKey("k", "f"));
        Assert.Equal(AlertRefusal.None, AlertRules.Append(_bench.State, _bench.Id, note, _bench.Now));
        var seq = _bench.State.Seq;
        Assert.Equal(AlertRefusal.None, AlertRules.Append(_bench.State, _bench.Id, note, _bench.Now));
        Assert.Equal(seq, _bench.State.Seq);
        Assert.Equal(AlertRefusal.KeyReused, AlertRules.Append(_bench.State, _bench.Id, note with { Key = new CommandKey("k", "g") }, _bench.Now));
    }

    [Fact]
    public void Nothing_grows_without_bound()
    {
        _bench.Raise();
        for (var i = 0; i < 500; i++)
        {
            AlertRules.Append(_bench.State, _bench.Id, new AppendCommand(_bench.Victim, null, new string('x', 3000), null, true, new CommandKey($"k{i}", "f")), _bench.Now);
            _bench.Ask(Guid.NewGuid());
            if (_bench.State.Timeline.Count <= AlertTimeline.MostEvents) continue;
            var history = _bench.Outbox(OutboxKind.History).Single();
            AlertOutbox.Settle(_bench.State, new PumpResults([.. _bench.State.Outbox.Select(o => o.Id)], [], [], _bench.State.Seq, null, 0, 0), _bench.Now, 12, TimeSpan.FromMinutes(1), _ => { });
            Assert.DoesNotContain(history, _bench.State.Outbox);
        }

        Assert.True(_bench.State.HistorySegments > 5);
        Assert.InRange(_bench.State.Timeline.Count, 1, AlertTimeline.MostEvents);
        Assert.InRange(_bench.State.Results.Count, 1, 32);
        Assert.InRange(_bench.State.Note!.Length, 1, AlertRules.LongestNote);
    }
}
