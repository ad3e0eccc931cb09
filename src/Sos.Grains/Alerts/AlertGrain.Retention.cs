using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Privacy;
using Sos.Contracts.Users;

namespace Sos.Grains.Alerts;

/// <summary>
/// After the close: kept for a time, then destroyed. One write puts the tombstone under a new key in the place of the record with the old one, and
/// with that key everything is unreadable; what is left of it is deleted by the outbox, however often it takes.
/// </summary>
internal sealed partial class AlertGrain
{
    private bool? _hidesRoute;

    public async Task<AlertOutcome> Hold(HoldCommand command)
    {
        var before = State.HeldUntil;
        var refusal = AlertRetention.Hold(State, command);
        if (refusal == AlertRefusal.NotFound && !State.Exists) DeactivateOnIdle();
        if (refusal == AlertRefusal.None && State.HeldUntil != before)
        {
            State.Send(new OutboxItem { Kind = OutboxKind.Retention });
            await Save();
        }

        return Answer(refusal, StandingOf(command.Victim));
    }

    public async Task Retire(string bucket)
    {
        if (!State.Exists)
        {
            // Its record is lost: there is nothing to destroy, and nothing that could remember to leave.
            await GrainFactory.GetGrain<IRetentionBucketGrain>(bucket).Remove(Id);
            DeactivateOnIdle();
            return;
        }

        if (State.IsOpen) return;
        if (State.Outbox.Exists(item => item.Kind == OutboxKind.Audit))
        {
            // What staff did is in the audit before it is nowhere else; the bucket asks again.
            StartPump();
            return;
        }

        if (State.Tombstone is null && AlertRetention.IsDue(State, privacy.Value.Retention, Now)) Bury();
        else if (State.Tombstone is null && !State.Outbox.Exists(item => item.Kind == OutboxKind.Retention)) State.Send(new OutboxItem { Kind = OutboxKind.Retention });
        AlertRetention.LeaveBucket(State, bucket);
        await Save();
    }

    public async Task<bool> Forget(Guid victim)
    {
        if (!State.Exists) DeactivateOnIdle();
        if (!State.Exists || State.Victim != victim) return true;
        if (State.Tombstone is not null) return true;
        if (State.IsOpen) return false;
        if (State.Outbox.Exists(item => item.Kind == OutboxKind.Audit))
        {
            StartPump();
            return false;
        }

        // What is left to be deleted after the key is gone waits for no bucket.
        await EnsureReminder();
        Bury();
        await Save();
        return true;
    }

    // Asked once an activation: a change of mind counts from the next alert on.
    private async Task<bool> HidesRoute() => _hidesRoute ??= (await GrainFactory.GetGrain<IUserGrain>(State.Victim).Choices().WaitAsync(SendWithin, time)).HideRoute;

    private void Bury()
    {
        var tombstone = AlertRetention.Tombstone(State, Id, Now);
        storage.State = AlertRetention.Bury(State, tombstone with { Signature = [.. signer.Sign(tombstone.Content())] });
        _track.Clear();
    }

    // Answers 1 when the victim wants nothing kept.
    private async Task<int> File()
    {
        if (State.Tombstone is not null || AlertRetention.DueAt(State, privacy.Value.Retention) is not { } due) return 0;
        if ((await GrainFactory.GetGrain<IUserGrain>(State.Victim).Choices()).EraseAtClose) return 1;
        var level = 0;
        while (!await GrainFactory.GetGrain<IRetentionBucketGrain>(RetentionBuckets.KeyOf(due, Id, level)).Add(Id)) level++;
        return 0;
    }

    private async Task Erase()
    {
        var (history, track, candidates) = AlertRetention.Parts(State);
        foreach (var segment in history) await GrainFactory.GetGrain<IAlertHistoryGrain>(IAlertHistoryGrain.KeyOf(Id, segment)).Erase();
        foreach (var segment in track) await GrainFactory.GetGrain<ITrackGrain>(ITrackGrain.KeyOf(Id, segment)).Erase();
        await blobs.DeleteAll(Id);
        foreach (var number in candidates) await GrainFactory.GetGrain<ICandidateSetGrain>(CandidateSet.KeyOf(Id, number)).Erase();
    }

    // Closed and everything told: nothing needs to wake this alert any more but its bucket.
    private async Task Finish()
    {
        if (State.Outbox.Count > 0 || State.PublishedSeq < State.Seq)
        {
            StartPump();
            return;
        }

        if (State is { EraseAtOnce: true, Tombstone: null })
        {
            Bury();
            await Save();
            return;
        }

        if (_writeAt is not null) await Save();
        // An upload that began before the close may still end well; its place is freed by the timer, after a crash by the reminder.
        if (AttachmentRules.LapsesAt(State) is not null) return;
        await Unregister();
        DeactivateOnIdle();
    }
}
