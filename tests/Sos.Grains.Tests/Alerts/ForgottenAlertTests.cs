using Sos.Contracts.Alerts;
using Sos.Grains.Alerts;

namespace Sos.Grains.Tests.Alerts;

/// <summary>An open alert of which nothing is heard for a day.</summary>
public sealed class ForgottenAlertTests
{
    private readonly AlertBench _bench = new();

    [Fact]
    public void A_day_without_an_event_puts_it_before_staff_once_a_day_also_while_somebody_is_there()
    {
        _bench.Raise().Ask(_bench.Anna).Accept(_bench.Anna);
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.EnRoute));
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.OnScene));
        _bench.Sent().After(TimeSpan.FromHours(23));
        var asked = _bench.Outbox(OutboxKind.CallStaff).Count();
        _bench.State.NeedsStaff = false;
        var before = _bench.State.Timeline[^1].At;
        Assert.True(AlertDue.Next(_bench.State, _bench.Options) <= before + TimeSpan.FromDays(1));

        _bench.After(before + TimeSpan.FromDays(1) - _bench.Now);
        Assert.True(_bench.State.NeedsStaff);
        Assert.Equal(AlertEventKind.Forgotten, _bench.Story.Last());
        Assert.Equal(asked + 1, _bench.Outbox(OutboxKind.CallStaff).Count());

        _bench.After(TimeSpan.FromHours(23));
        Assert.Single(_bench.Story, kind => kind == AlertEventKind.Forgotten);
        _bench.After(TimeSpan.FromHours(1));
        Assert.Equal(2, _bench.Story.Count(kind => kind == AlertEventKind.Forgotten));
    }

    [Fact]
    public void A_word_of_the_person_puts_it_off_and_she_is_not_told_that_she_was_forgotten()
    {
        _bench.Raise().Ask(_bench.Anna).Accept(_bench.Anna);
        _bench.After(TimeSpan.FromHours(23));
        Assert.Equal(AlertRefusal.None, AlertRules.Append(_bench.State, _bench.Id, new AppendCommand(_bench.Victim, null, "still here", null, false, null), _bench.Now));
        _bench.After(TimeSpan.FromHours(23));
        Assert.DoesNotContain(AlertEventKind.Forgotten, _bench.Story);
        _bench.After(TimeSpan.FromHours(1));
        Assert.Equal(AlertEventKind.Forgotten, _bench.Story.Last());
        var index = _bench.State.Timeline.Count - 1;
        Assert.Null(AlertVisibility.Event(_bench.State, _bench.Id, index, AlertStanding.Victim));
        Assert.Null(AlertVisibility.Event(_bench.State, _bench.Id, index, AlertStanding.Rescuer));
        Assert.NotNull(AlertVisibility.Event(_bench.State, _bench.Id, index, AlertStanding.Staff));
    }
}
