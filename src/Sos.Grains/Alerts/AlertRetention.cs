using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Contracts.Privacy;

namespace Sos.Grains.Alerts;

/// <summary>How long a closed alert's data is kept, and what remains of it afterwards.</summary>
internal static class AlertRetention
{
    /// <summary>When the data of a closed alert is due to be destroyed; null while it is open or after it was.</summary>
    public static DateTimeOffset? DueAt(AlertState state, TimeSpan retention)
    {
        if (state is not { IsOpen: false, ClosedAt: { } closed, Tombstone: null }) return null;
        if (state.EraseAtOnce) return closed;
        var due = closed + retention;
        return state.HeldUntil is { } held && held > due ? held : due;
    }

    /// <summary>
    /// The victim's view with when her data ends. The evidence file is offered once the alert is listed as due: only then is it known that she is not one of
    /// those who want nothing kept.
    /// </summary>
    public static AlertView Tell(AlertState state, AlertView view, TimeSpan retention)
    {
        var due = DueAt(state, retention);
        var isOffered = !state.EraseAtOnce && !state.Outbox.Exists(item => item.Kind == OutboxKind.Retention);
        return view with { EraseAt = due, EvidenceUntil = isOffered ? due : null };
    }

    /// <summary>Whether it is time.</summary>
    public static bool IsDue(AlertState state, TimeSpan retention, DateTimeOffset now) => DueAt(state, retention) <= now;

    /// <summary>Sets or ends a hold. The caller writes when <see cref="AlertState.HeldUntil"/> has changed.</summary>
    public static AlertRefusal Hold(AlertState state, HoldCommand command)
    {
        if (!state.Exists || state.Victim != command.Victim) return AlertRefusal.NotFound;
        if (state.Tombstone is not null) return AlertRefusal.Erased;
        if (state.IsOpen || state.ClosedAt is not { } closed || state.EraseAtOnce) return AlertRefusal.IllegalMove;
        state.HeldUntil = command.Days is { } days ? closed + TimeSpan.FromDays(Math.Clamp(days, 1, HoldCommand.MostDays)) : null;
        return AlertRefusal.None;
    }

    /// <summary>What remains, still without its signature.</summary>
    public static AlertTombstone Tombstone(AlertState state, Guid alertId, DateTimeOffset now) =>
        new(alertId, state.Status, state.RaisedAt, state.ClosedAt!.Value, now, state.Seq, []);

    /// <summary>
    /// The record without anything of the emergency, under another key: writing it destroys the present one. It keeps whose alert it was and where
    /// it belonged, so that the same people are told that it is gone, and what is still to be deleted.
    /// </summary>
    public static AlertState Bury(AlertState state, AlertTombstone tombstone)
    {
        var buried = new AlertState
        {
            Victim = state.Victim,
            Area = state.Area,
            Status = state.Status,
            Version = state.Version,
            HolderVersion = state.HolderVersion,
            Seq = state.Seq,
            PublishedSeq = state.Seq,
            RaisedAt = state.RaisedAt,
            ClosedAt = state.ClosedAt,
            HistorySegments = state.HistorySegments,
            TrackLength = state.TrackLength,
            CandidateSets = state.CandidateSets,
            OutboxId = state.OutboxId,
            Outbox = [.. state.Outbox.Where(StaysToBeTold)],
            KeyGeneration = (byte)(state.KeyGeneration + 1),
            Tombstone = tombstone,
        };
        buried.Send(new OutboxItem { Kind = OutboxKind.Erase });
        AttachmentRules.DropThoseOnTheirWay(state, buried);
        foreach (var offer in state.Offers) buried.Send(new OutboxItem { Kind = OutboxKind.Forget, Target = offer.Responder });
        return buried;
    }

    /// <summary>The alert leaves a bucket once everything that was put into the outbox before is done.</summary>
    public static void LeaveBucket(AlertState state, string bucket)
    {
        if (!state.Outbox.Exists(item => item.Kind == OutboxKind.Unfile && item.Bucket == bucket)) state.Send(new OutboxItem { Kind = OutboxKind.Unfile, Bucket = bucket });
    }

    /// <summary>History segments, track segments and candidate sets that may exist; one more of the first two than counted, which a crash may have left.</summary>
    public static (ImmutableArray<int> History, ImmutableArray<int> Track, ImmutableArray<int> Candidates) Parts(AlertState state) => (
        [.. Enumerable.Range(0, state.HistorySegments + 1)],
        [.. Enumerable.Range(0, state.TrackLength / ITrackGrain.SegmentLength + 2)],
        [.. Enumerable.Range(1, state.CandidateSets)]);

    // Ids and numbers only: capacity given back, the alert noted as closed and listed.
    private static bool StaysToBeTold(OutboxItem item) =>
        item.Kind is OutboxKind.Release or OutboxKind.NoteUser or OutboxKind.Index or OutboxKind.Confirm or OutboxKind.Unfile or OutboxKind.DropBlob;
}
