using Sos.Contracts.Alerts;

namespace Sos.Grains.Alerts;

/// <summary>Photos and recordings: the record holds who may have which and what its file is called; the bytes never come here.</summary>
internal sealed partial class AlertGrain
{
    public async Task<AttachOutcome> Attach(AttachCommand command)
    {
        if (!State.Exists) DeactivateOnIdle();
        var (seq, outbox) = (State.Seq, State.OutboxId);
        var (refusal, freed) = (AlertRefusal.None, false);
        if (command.Step == AttachStep.Reserve)
        {
            refusal = AttachmentRules.Reserve(State, command, Now, attachments.Value);

            // Durable before the first byte: whatever happens then, the record knows the file.
            if (refusal == AlertRefusal.None && State.Attachments.Exists(known => known.Blob == command.Blob)) await Save();
        }
        else if (command.Step == AttachStep.Keep)
        {
            var places = State.Attachments.Count;
            refusal = AttachmentRules.Keep(State, Id, command, Now);
            freed = State.Attachments.Count != places;
            if (State.Seq != seq) await Save();
        }
        else freed = AttachmentRules.GiveUp(State, command);

        if (freed || State.OutboxId != outbox && _durableOutboxId != State.OutboxId) WriteSoon();
        var stored = refusal == AlertRefusal.None ? State.Attachments.Find(known => known.Id == command.Attachment && known.IsComplete) : null;
        return new AttachOutcome(refusal, stored?.ToView(), refusal == AlertRefusal.NotFound ? null : ViewFor(AlertVisibility.Of(State, command.By)));
    }
}
