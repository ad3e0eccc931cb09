using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Grains.Alerts;

namespace Sos.Grains.Tests.Alerts;

/// <summary>Places for photos and recordings in an alert's record.</summary>
public sealed class AttachmentRulesTests
{
    private readonly AlertBench _bench = new AlertBench().Raise();
    private readonly AttachmentOptions _options = new();

    private AlertState State => _bench.State;

    [Fact]
    public void A_place_is_taken_before_the_bytes_and_listed_only_when_they_are_there()
    {
        var step = Step(_bench.Victim);
        Assert.Equal(AlertRefusal.None, Reserve(step));
        Assert.Null(AttachmentRules.Visible(State, AlertStanding.Victim));
        var seq = State.Seq;
        Assert.Equal(AlertRefusal.None, Keep(step));
        var listed = Assert.Single(AttachmentRules.Visible(State, AlertStanding.Victim)!.Value);
        Assert.Equal((step.Attachment, 42, Actor.Victim), (listed.Id, listed.Bytes, listed.By));
        Assert.Equal(seq + 1, State.Seq);
        Assert.Equal((AlertEventKind.Attached, (Guid?)step.Attachment), (State.Timeline[^1].Kind, State.Timeline[^1].Attachment));
        Assert.Equal(AlertRefusal.None, Keep(step));
        Assert.Equal(seq + 1, State.Seq);
    }

    [Fact]
    public void There_are_never_more_than_twenty_places_whatever_is_on_its_way()
    {
        var steps = Enumerable.Range(0, 20).Select(_ => Step(_bench.Victim)).ToList();
        Assert.All(steps, step => Assert.Equal(AlertRefusal.None, Reserve(step)));
        Assert.Equal(AlertRefusal.Full, Reserve(Step(_bench.Victim)));
        Assert.True(AttachmentRules.GiveUp(State, steps[0]));
        Assert.Equal(AlertRefusal.None, Reserve(Step(_bench.Victim)));
        Assert.Equal(AlertRefusal.Full, Reserve(Step(_bench.Victim)));
        foreach (var step in steps[1..]) Assert.Equal(AlertRefusal.None, Keep(step));
        Assert.Equal(AlertRefusal.Full, Reserve(Step(_bench.Victim)));
    }

    [Fact]
    public void A_place_whose_upload_never_ended_is_free_again_and_its_file_is_dropped()
    {
        AlertRules.Close(State, _bench.Id, AlertStatus.Resolved, _bench.Now);
        State.Status = AlertStatus.Raised;
        var step = Step(_bench.Victim);
        Reserve(step);
        State.Status = AlertStatus.Resolved;
        Assert.Equal(_bench.Now + _options.UploadWithin, AlertDue.Next(State, _bench.Options));
        _bench.Sent().Now += _options.UploadWithin;
        Assert.True(AlertDue.Pass(State, _bench.Id, _bench.Now, _bench.Options));
        Assert.Empty(State.Attachments);
        Assert.Equal(step.Blob, Assert.Single(_bench.Outbox(OutboxKind.DropBlob)).Target);
        Assert.Null(AlertDue.Next(State, _bench.Options));
        Assert.Equal(AlertRefusal.Lapsed, Keep(step));
    }

    [Fact]
    public void The_same_again_takes_over_its_own_place_and_the_attempt_before_loses_it()
    {
        var first = Step(_bench.Victim);
        Reserve(first);
        var second = first with { Blob = Guid.NewGuid() };
        Assert.Equal(AlertRefusal.None, Reserve(second));
        Assert.Single(State.Attachments);
        Assert.Equal(AlertRefusal.Lapsed, Keep(first));
        Assert.False(AttachmentRules.GiveUp(State, first));
        Assert.Equal(AlertRefusal.None, Keep(second));
        var dropped = Assert.Single(_bench.Outbox(OutboxKind.DropBlob));
        Assert.Equal((first.Blob, _bench.Now + _options.UploadWithin), (dropped.Target, dropped.NextAt));
    }

    [Fact]
    public void An_id_is_of_one_person_type_and_length()
    {
        var step = Step(_bench.Victim);
        Reserve(step);
        Keep(step);
        Assert.Equal(AlertRefusal.None, Reserve(step with { Blob = Guid.NewGuid() }));
        Assert.Equal(AlertRefusal.KeyReused, Reserve(step with { MediaType = "image/png" }));
        Assert.Equal(AlertRefusal.KeyReused, Reserve(step with { Sent = 43 }));
        Assert.Equal(AlertRefusal.KeyReused, Reserve(Step(Guid.NewGuid(), staff: true) with { Attachment = step.Attachment }));
    }

    [Fact]
    public void Only_who_may_know_the_position_adds_anything()
    {
        _bench.Ask(_bench.Anna, _bench.Ben);
        foreach (var stranger in new[] { _bench.Anna, _bench.Ben, Guid.NewGuid() }) Assert.Equal(AlertRefusal.NotFound, Reserve(Step(stranger)));
        Assert.Equal(AlertRefusal.NotFound, Reserve(Step(_bench.Anna) with { By = new AlertReader(_bench.Anna, true, ["u4pr"]) }));
        _bench.Accept(_bench.Anna);
        var hers = Step(_bench.Anna);
        Assert.Equal(AlertRefusal.None, Reserve(hers));
        Assert.Equal(AlertRefusal.NotFound, Reserve(Step(_bench.Ben)));
        Assert.Equal(AlertRefusal.None, Keep(hers));
        Assert.Equal(Actor.Responder, State.Timeline[^1].By);
        Assert.Null(AttachmentRules.Visible(State, AlertStanding.Asked));
        Assert.Null(AttachmentRules.Visible(State, AlertStanding.Stranger));
    }

    [Fact]
    public void Who_is_taken_off_while_her_photo_is_on_its_way_keeps_no_place_and_no_file()
    {
        _bench.Ask(_bench.Anna).Accept(_bench.Anna);
        var hers = Step(_bench.Anna);
        Reserve(hers);
        Assert.Equal(AlertRefusal.None, _bench.Try(_bench.Anna, ResponderMove.Decline));
        Assert.Equal(AlertRefusal.NotFound, Keep(hers));
        Assert.Empty(State.Attachments);
        Assert.Equal(hers.Blob, Assert.Single(_bench.Outbox(OutboxKind.DropBlob)).Target);
    }

    [Fact]
    public void A_closed_alert_takes_no_new_one_and_lets_the_one_on_its_way_arrive()
    {
        var step = Step(_bench.Victim);
        Reserve(step);
        AlertRules.Close(State, _bench.Id, AlertStatus.Resolved, _bench.Now);
        Assert.Equal(AlertRefusal.IllegalMove, Reserve(Step(_bench.Victim)));
        Assert.Equal(AlertRefusal.None, Keep(step));
        Assert.Single(AttachmentRules.Visible(State, AlertStanding.Victim)!.Value);
    }

    [Fact]
    public void What_is_destroyed_keeps_no_list_and_drops_what_was_on_its_way_once_nobody_can_write_to_it()
    {
        var (listed, coming) = (Step(_bench.Victim), Step(_bench.Victim));
        foreach (var step in new[] { listed, coming }) Reserve(step);
        Keep(listed);
        AlertRules.Close(State, _bench.Id, AlertStatus.Resolved, _bench.Now);
        var buried = AlertRetention.Bury(State, AlertRetention.Tombstone(State, _bench.Id, _bench.Now));
        Assert.Empty(buried.Attachments);
        var dropped = Assert.Single(buried.Outbox, item => item.Kind == OutboxKind.DropBlob);
        Assert.Equal((coming.Blob, _bench.Now + _options.UploadWithin), (dropped.Target, dropped.NextAt));
        Assert.Equal(AlertRefusal.Erased, AttachmentRules.Keep(buried, _bench.Id, coming, _bench.Now));
        Assert.Equal(AlertRefusal.Erased, AttachmentRules.Reserve(buried, Step(_bench.Victim), _bench.Now, _options));
        Assert.Equal(AlertRefusal.NotFound, AttachmentRules.Reserve(buried, Step(Guid.NewGuid()), _bench.Now, _options));
    }

    private AlertRefusal Reserve(AttachCommand step)
    {
        var refusal = AttachmentRules.Reserve(State, step, _bench.Now, _options);
        _bench.Write();
        return refusal;
    }

    private AlertRefusal Keep(AttachCommand step)
    {
        var refusal = AttachmentRules.Keep(State, _bench.Id, step with { Step = AttachStep.Keep, Bytes = 42 }, _bench.Now);
        _bench.Write();
        return refusal;
    }

    private static AttachCommand Step(Guid by, bool staff = false) =>
        new(new AlertReader(by, staff, staff ? ["*"] : ImmutableArray<string>.Empty), AttachStep.Reserve, Guid.NewGuid(), Guid.NewGuid(), AttachmentKind.Photo, "image/jpeg", 42, 0, null);
}
