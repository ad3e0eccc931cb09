using System.Collections.Immutable;
using Sos.Contracts.Alerts;

namespace Sos.Grains.Alerts;

/// <summary>
/// Who may add a photo or recording, and how many there can be. A place is taken before the first byte, so that however many come at once there
/// are never more; the record names the file of every attempt, so that none is left behind.
/// </summary>
internal static class AttachmentRules
{
    /// <summary>Takes a place. None with a complete attachment: it was there before. None otherwise: the caller writes, then takes the bytes.</summary>
    public static AlertRefusal Reserve(AlertState state, AttachCommand command, DateTimeOffset now, AttachmentOptions options)
    {
        var standing = AlertVisibility.Of(state, command.By);
        if (!MayHave(standing)) return AlertRefusal.NotFound;
        if (state.Tombstone is not null) return AlertRefusal.Erased;
        Lapse(state, now);
        if (Of(state, command.Attachment) is { } known)
        {
            if (known.Who != command.By.User || known.MediaType != command.MediaType || known.Sent != command.Sent) return AlertRefusal.KeyReused;
            if (known.IsComplete) return AlertRefusal.None;

            // The same again while an attempt is on its way: that one has lost its connection, and what it has written goes when it can write no more.
            Drop(state, known.Blob, known.Until);
            (known.Blob, known.Until) = (command.Blob, now + options.UploadWithin);
            return AlertRefusal.None;
        }

        if (!state.IsOpen) return AlertRefusal.IllegalMove;
        if (state.Attachments.Count >= options.MostPerAlert) return AlertRefusal.Full;
        state.Attachments.Add(new Attachment
        {
            Id = command.Attachment,
            Blob = command.Blob,
            Kind = command.Kind,
            MediaType = command.MediaType,
            Sent = command.Sent,
            Who = command.By.User,
            By = ActorOf(standing),
            At = now,
            Until = now + options.UploadWithin,
        });
        return AlertRefusal.None;
    }

    /// <summary>Lists what is now stored, also after the close when its place was taken before. Its event tells everybody who may have it.</summary>
    public static AlertRefusal Keep(AlertState state, Guid alertId, AttachCommand command, DateTimeOffset now)
    {
        var standing = AlertVisibility.Of(state, command.By);
        if (!MayHave(standing))
        {
            if (GiveUp(state, command)) Drop(state, command.Blob, null);
            return AlertRefusal.NotFound;
        }

        if (state.Tombstone is not null) return AlertRefusal.Erased;
        if (Of(state, command.Attachment) is not { } known || known.Blob != command.Blob) return AlertRefusal.Lapsed;
        if (known.IsComplete) return AlertRefusal.None;
        (known.Bytes, known.At, known.Until) = (command.Bytes, now, null);
        state.Add(
            now,
            AlertEventKind.Attached,
            known.By,
            known.By == Actor.Victim ? null : known.Who,
            known.By == Actor.Responder ? state.Holder?.Name : null,
            known.By == Actor.Staff ? command.Reason : null,
            attachment: known.Id);
        if (known.By != Actor.Responder) AlertBriefing.BriefHolder(state, alertId);
        return AlertRefusal.None;
    }

    /// <summary>Frees the place of an attempt whose own file is already gone; true when there was one.</summary>
    public static bool GiveUp(AlertState state, AttachCommand command) =>
        state.Attachments.RemoveAll(known => known.Id == command.Attachment && known.Blob == command.Blob && !known.IsComplete) > 0;

    /// <summary>When the first place lapses; null when none is kept.</summary>
    public static DateTimeOffset? LapsesAt(AlertState state)
    {
        DateTimeOffset? first = null;
        foreach (var known in state.Attachments)
        {
            if (known.Until is { } until && !(first <= until)) first = until;
        }

        return first;
    }

    /// <summary>Frees the places of uploads that never ended; what they have written goes.</summary>
    public static void Lapse(AlertState state, DateTimeOffset now)
    {
        foreach (var known in state.Attachments.Where(a => a.Until <= now).ToList())
        {
            state.Attachments.Remove(known);
            Drop(state, known.Blob, null);
        }
    }

    /// <summary>The files of uploads that are on their way while the alert is destroyed go when nobody can write to them any more.</summary>
    public static void DropThoseOnTheirWay(AlertState state, AlertState buried)
    {
        foreach (var known in state.Attachments.Where(a => !a.IsComplete)) Drop(buried, known.Blob, known.Until);
    }

    /// <summary>What a reader may have, oldest first; null when there is nothing.</summary>
    public static ImmutableArray<AttachmentView>? Visible(AlertState state, AlertStanding standing)
    {
        if (!MayHave(standing) || !state.Attachments.Exists(a => a.IsComplete)) return null;
        return [.. state.Attachments.Where(a => a.IsComplete).OrderBy(a => a.At).Select(a => a.ToView())];
    }

    /// <summary>As the position: the victim, the responder who has accepted, staff of the area.</summary>
    private static bool MayHave(AlertStanding standing) => standing is AlertStanding.Victim or AlertStanding.Rescuer or AlertStanding.Staff;

    private static Attachment? Of(AlertState state, Guid id) => state.Attachments.Find(known => known.Id == id);

    // Its own order, so that a slow disk holds up nothing else.
    private static void Drop(AlertState state, Guid blob, DateTimeOffset? notBefore) =>
        state.Send(new OutboxItem { Kind = OutboxKind.DropBlob, Target = blob, NextAt = notBefore });

    private static Actor ActorOf(AlertStanding standing) => standing switch
    {
        AlertStanding.Victim => Actor.Victim,
        AlertStanding.Rescuer => Actor.Responder,
        _ => Actor.Staff,
    };
}
