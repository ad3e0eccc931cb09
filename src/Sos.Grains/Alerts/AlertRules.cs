using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Dispatch;

namespace Sos.Grains.Alerts;

/// <summary>What the person in danger may do, and what closing means for everybody.</summary>
internal static class AlertRules
{
    /// <summary>Longest cancel countdown.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(10);

    /// <summary>A note with everything that was appended to it never grows beyond this many characters.</summary>
    public const int LongestNote = 4000;

    /// <summary>The victim's moves are told to others at most this often.</summary>
    public static readonly TimeSpan MoveEvery = TimeSpan.FromSeconds(30);

    /// <summary>What a press would be answered with if it came again, or null for a new one.</summary>
    public static RaiseResult? Known(AlertState state, RaiseCommand press)
    {
        if (!state.Exists) return null;
        if (state.Victim != press.Victim) return RaiseResult.Foreign;
        return press.Fingerprint is { } f && state.Fingerprint is { } first && f != first ? RaiseResult.KeyReused : RaiseResult.Replayed;
    }

    /// <summary>A new alert: due after the countdown and the time to assign, the first wave right after the countdown.</summary>
    public static void Raise(AlertState state, RaiseCommand press, DateTimeOffset now, DispatchOptions options)
    {
        var hold = press.HoldUntil is { } h && h > now ? h < now + LongestHold ? h : now + LongestHold : (DateTimeOffset?)null;
        state.Victim = press.Victim;
        state.Kind = press.Kind;
        state.Note = Cut(press.Note);
        state.Silent = press.Silent;
        state.Position = press.Position;
        state.Area = AreaId.Of(press.Position?.Point).Value;
        state.Fingerprint = press.Fingerprint;
        state.Warnings = [.. press.Warnings.Take(16)];
        state.Status = AlertStatus.Raised;
        state.RaisedAt = now;
        state.HoldUntil = hold;
        var start = hold ?? now;
        state.NextWaveAt = start;
        state.AssignFrom = start + options.AutoAssignAfter;
        state.DueAt = state.AssignFrom;
        state.NobodyYetAt = start + options.NobodyYetAfter;
        state.ContactsAt = start;
        state.Add(now, AlertEventKind.Raised, Actor.Victim, text: state.Note, position: state.Position);
        state.Send(new OutboxItem { Kind = OutboxKind.NoteUser, Target = state.Victim });
        state.Send(new OutboxItem { Kind = OutboxKind.Index, Target = state.Victim });
    }

    /// <summary>More data for an open alert. A first position starts the search that could not begin without one.</summary>
    public static AlertRefusal Append(AlertState state, Guid alertId, AppendCommand command, DateTimeOffset now)
    {
        if (!state.Exists || state.Victim != command.Victim) return AlertRefusal.NotFound;
        if (state.Repeated(command.Key) is { } repeated) return repeated;
        if (!state.IsOpen) return AlertRefusal.IllegalMove;

        var moved = command.Position is { } p && TakePosition(state, p, now);
        var told = command.IsPress || command.Note is not null || command.Kind is { } k && k != state.Kind;
        if (command.Note is { } note) state.Note = Cut(state.Note is null ? note : state.Note + "\n" + note);
        state.Kind = command.Kind ?? state.Kind;
        state.Remember(command.Key, now);
        if (told) state.Add(now, AlertEventKind.Appended, Actor.Victim, text: Cut(command.Note), position: moved ? state.Position : null);
        if (told || moved) AlertBriefing.BriefHolder(state, alertId);
        return AlertRefusal.None;
    }

    /// <summary>Takes a newer position; true when others should hear of it: the first, or 30 s after the last one told.</summary>
    public static bool TakePosition(AlertState state, PositionFix fix, DateTimeOffset now)
    {
        if (state.Position is { LastKnown: false } known && known.At >= fix.At) return false;
        var first = state.Position is null || state.Position.LastKnown;
        state.Position = fix;
        if (first && !state.IsAccepted && state.Holder is null)
        {
            state.Ring = 0;
            state.NextWaveAt = state.HoldUntil > now ? state.HoldUntil : now;
        }

        var lastTold = state.Timeline.FindLast(e => e.Kind is AlertEventKind.Moved or AlertEventKind.Raised)?.At ?? state.RaisedAt;
        if (!first && now - lastTold < MoveEvery) return false;
        state.Add(now, AlertEventKind.Moved, Actor.Victim, position: fix);
        return true;
    }

    /// <summary>The victim calls it off; again: nothing changes.</summary>
    public static AlertRefusal Cancel(AlertState state, Guid alertId, CancelCommand command, DateTimeOffset now)
    {
        if (!state.Exists || state.Victim != command.Victim) return AlertRefusal.NotFound;
        if (state.Repeated(command.Key) is { } repeated) return repeated;
        if (state.Status == AlertStatus.Cancelled) return AlertRefusal.None;
        if (!state.IsOpen) return AlertRefusal.IllegalMove;
        state.Remember(command.Key, now);
        Close(state, alertId, AlertStatus.Cancelled, now);
        state.Add(now, AlertEventKind.Cancelled, Actor.Victim, text: Cut(command.Reason));
        return AlertRefusal.None;
    }

    /// <summary>Ends the search, frees the holder, tells everybody who waits; the caller adds the closing event.</summary>
    public static void Close(AlertState state, Guid alertId, AlertStatus closed, DateTimeOffset now)
    {
        state.Status = closed;
        state.ClosedAt = now;
        StopSearch(state);
        AlertContacts.Close(state, alertId, closed);
        if (state.Holder is { } holder)
        {
            holder.AnswerBy = null;
            state.Release(holder.Responder, holder.Version, holder.Accepted && closed == AlertStatus.Resolved ? ReleaseReason.Completed : ReleaseReason.StoodDown);
            if (closed != AlertStatus.Resolved && holder.Accepted) state.Deliver(alertId, holder.Responder, InboxKind.StandDown, state.Round, null, Word(closed));
        }

        state.StandDownOthers(alertId, null, Word(closed));
        state.Send(new OutboxItem { Kind = OutboxKind.NoteUser, Target = state.Victim });
        state.Send(new OutboxItem { Kind = OutboxKind.Index, Target = state.Victim });
        state.Send(new OutboxItem { Kind = OutboxKind.Retention });
    }

    /// <summary>Nothing is due any more.</summary>
    public static void StopSearch(AlertState state)
    {
        state.DueAt = null;
        state.NextWaveAt = null;
        state.NobodyYetAt = null;
        state.WarmUntil = null;
        state.NeedsStaff = false;
        state.NobodyYet = false;
    }

    /// <summary>Cuts what people wrote to the longest note.</summary>
    public static string? Cut(string? text) => text is { Length: > LongestNote } ? text[..LongestNote] : text;

    private static string Word(AlertStatus closed) => closed switch
    {
        AlertStatus.Cancelled => "cancelled",
        AlertStatus.FalseAlarm => "false_alarm",
        _ => "resolved",
    };
}
