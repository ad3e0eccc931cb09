using Sos.Contracts.Alerts;
using Sos.Contracts.Responders;
using Sos.Grains.Alerts;
using static Sos.Grains.Alerts.AlertVisibility;

namespace Sos.Grains.Tests.Alerts;

public sealed class AlertVisibilityTests
{
    private readonly AlertBench _bench = new();

    private AlertStanding Of(Guid user, bool staff = false, params string[] areas) => AlertVisibility.Of(_bench.State, new AlertReader(user, staff, [.. areas]));

    private AlertView? View(AlertStanding standing) => AlertVisibility.View(_bench.State, _bench.Id, standing, _bench.Options.Rings);

    [Fact]
    public void A_stranger_sees_that_there_is_no_such_alert()
    {
        _bench.Raise().Ask(_bench.Anna);
        Assert.Equal(AlertStanding.Stranger, Of(_bench.Ben));
        Assert.Null(View(AlertStanding.Stranger));
        Assert.Equal(AlertStanding.Stranger, Of(_bench.Ben, true, "9q8y"));
        Assert.Equal(AlertStanding.Staff, Of(_bench.Ben, true, "u2ed"));
        Assert.Equal(AlertStanding.Staff, Of(_bench.Ben, true, "*"));
    }

    [Fact]
    public void An_area_does_not_make_staff_of_somebody_who_is_none()
    {
        _bench.Raise();
        Assert.Equal(AlertStanding.Stranger, Of(_bench.Ben, false, "*"));
    }

    [Fact]
    public void The_position_is_seen_after_acceptance_not_before_and_not_after_close()
    {
        _bench.Raise().Ask(_bench.Anna, _bench.Ben);
        var before = View(Of(_bench.Anna))!;
        Assert.Null(before.Position);
        Assert.Null(before.Note);
        _bench.Accept(_bench.Anna);
        Assert.Equal(AlertBench.Square, View(Of(_bench.Anna))!.Position!.Point);
        Assert.Equal(AlertStanding.Stranger, Of(_bench.Ben));
        _bench.Try(_bench.Anna, ResponderMove.EnRoute);
        _bench.Try(_bench.Anna, ResponderMove.OnScene);
        _bench.Try(_bench.Anna, ResponderMove.Resolve);
        Assert.Equal(AlertStanding.Stranger, Of(_bench.Anna));
        Assert.Equal(AlertStanding.Victim, Of(_bench.Victim));
    }

    [Fact]
    public void Inbox_items_carry_the_position_only_for_who_has_accepted()
    {
        _bench.Raise().Ask(_bench.Anna).Accept(_bench.Anna);
        foreach (var delivery in _bench.Outbox(OutboxKind.Deliver).Select(o => o.Delivery!))
            Assert.Equal(delivery.Kind == InboxKind.Update, delivery.Briefing?.Position is not null);
    }

    [Fact]
    public void No_event_for_anybody_but_staff_names_a_person_or_tells_what_staff_wrote()
    {
        _bench.Raise().Ask(_bench.Anna).Assign(_bench.Anna).Accept(_bench.Anna);
        StaffMoves.Apply(_bench.State, _bench.Id, new StaffCommand(Guid.NewGuid(), ["*"], StaffMove.Note, null, "known to us", null, null), _bench.Now, _bench.Options);
        foreach (var standing in new[] { AlertStanding.Victim, AlertStanding.Rescuer, AlertStanding.Asked })
        {
            var seen = Enumerable.Range(0, _bench.State.Timeline.Count).Select(i => Event(_bench.State, _bench.Id, i, standing)).OfType<AlertEvent>().ToList();
            Assert.NotEmpty(seen);
            Assert.All(seen, e => Assert.Null(e.Who ?? e.Responder));
            Assert.DoesNotContain(seen, e => e.Text == "known to us");
        }
    }

    [Fact]
    public void Each_event_names_the_one_before_it_that_the_same_reader_sees()
    {
        _bench.Raise().Ask(_bench.Anna).Assign(_bench.Anna).Accept(_bench.Anna);
        long last = 0;
        for (var i = 0; i < _bench.State.Timeline.Count; i++)
        {
            if (Event(_bench.State, _bench.Id, i, AlertStanding.Victim) is not { } e) continue;
            Assert.Equal(last, e.Prev);
            Assert.Equal(_bench.Id, e.AlertId);
            last = e.Seq;
        }

        Assert.Equal(_bench.State.Seq, last);
    }
}
