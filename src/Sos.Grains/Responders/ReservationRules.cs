using Sos.Contracts.Responders;

namespace Sos.Grains.Responders;

/// <summary>
/// Who gets a responder's capacity. The alert's version is the fencing token: what an older version asks for is refused,
/// what the same version asks for again is answered the same. All methods answer whether or how the state has changed and write nothing.
/// </summary>
internal static class ReservationRules
{
    /// <summary>Ended requests kept to recognise late calls; the oldest go first.</summary>
    public const int MostEnded = 32;

    /// <summary>Reservations at a time, far above any capacity: confirmed ones are taken even above capacity.</summary>
    public const int MostHeld = 32;

    /// <summary>Alerts that hold her capacity now.</summary>
    public static int Engaged(this ResponderState state, DateTimeOffset now)
    {
        var engaged = 0;
        foreach (var held in state.Reservations)
        {
            if (!(held.Until <= now)) engaged++;
        }

        return engaged;
    }

    /// <summary>Alerts she can still take; 0 off duty.</summary>
    public static int Free(this ResponderState state, DateTimeOffset now) => state.Serves && state.IsCleared(now) ? Math.Max(0, state.Capacity - state.Engaged(now)) : 0;

    /// <summary>Reserves, unless she is off duty, at capacity, or a newer version of the alert was here.</summary>
    public static (ReservationOutcome Outcome, bool Changed) TryReserve(ResponderState state, Guid alertId, long version, DateTimeOffset now, ResponderOptions options)
    {
        state.Reservations.RemoveAll(held => held.Until <= now);
        if (state.Reservations.Find(held => held.AlertId == alertId) is { } mine)
        {
            if (mine.Version == version) return (ReservationOutcome.Reserved, false);
            if (mine.Version > version) return (ReservationOutcome.Superseded, false);
            mine.Version = version;
            if (mine.Until is not null) mine.Until = now + options.ReservationLapsesAfter;
            return (ReservationOutcome.Reserved, true);
        }

        if (state.EndedOf(alertId) is { } ended && ended.Version >= version) return (ReservationOutcome.Superseded, false);
        if (!state.Serves || !state.IsCleared(now)) return (ReservationOutcome.OffDuty, false);
        if (state.Free(now) == 0) return (ReservationOutcome.AtCapacity, false);
        state.Reservations.Add(new HeldReservation { AlertId = alertId, Version = version, Until = now + options.ReservationLapsesAfter });
        return (ReservationOutcome.Reserved, true);
    }

    /// <summary>The alert has written that she is its own: no lapse any more. It is the truth, so a reservation that has lapsed comes back, even above capacity.</summary>
    public static bool Confirm(ResponderState state, Guid alertId, long version)
    {
        if (state.EndedOf(alertId) is { } ended && ended.Version >= version) return false;
        if (state.Reservations.Find(held => held.AlertId == alertId) is { } mine)
        {
            if (mine.Confirmed >= version) return false;
            (mine.Version, mine.Until, mine.Confirmed) = (Math.Max(mine.Version, version), null, version);
            return true;
        }

        if (state.Reservations.Count >= MostHeld) return false;
        state.Reservations.Add(new HeldReservation { AlertId = alertId, Version = version, Confirmed = version });
        return true;
    }

    /// <summary>Ends a request. It frees what was reserved under this or an older version, and counts once an alert for her and once against her.</summary>
    public static bool Release(ResponderState state, Guid alertId, long version, ReleaseReason reason, DateTimeOffset now, ResponderOptions options)
    {
        var held = state.Reservations.Find(r => r.AlertId == alertId);
        if (held is not null && held.Version > version) return Weaken(held, version, now, options);
        var ended = state.EndedOf(alertId) ?? new EndedRequest { AlertId = alertId };
        var closes = reason == ReleaseReason.Completed;
        var frees = held is not null && held.Version <= version;
        var counts = closes ? !ended.Closed : reason != ReleaseReason.StoodDown && !ended.Counted && !ended.Closed;
        if (!frees && !counts && ended.Version >= version) return false;

        if (frees) state.Reservations.Remove(held!);
        if (counts) Count(state, reason, options);
        state.Ended.Remove(ended);
        state.Ended.Add(ended);
        if (state.Ended.Count > MostEnded) state.Ended.RemoveAt(0);
        ended.Version = Math.Max(ended.Version, version);
        ended.Closed |= closes;
        ended.Counted |= counts && !closes;
        return true;
    }

    /// <summary>When the next unconfirmed reservation lapses; null when none will.</summary>
    public static DateTimeOffset? NextLapse(this ResponderState state, DateTimeOffset now) =>
        state.Reservations.Where(held => held.Until > now).Min(held => held.Until);

    /// <summary>The end of an alert's request, if it is remembered.</summary>
    public static EndedRequest? EndedOf(this ResponderState state, Guid alertId) => state.Ended.Find(ended => ended.AlertId == alertId);

    // She was reserved again before this release came. Nobody knows yet whether the alert has written that: what was confirmed has ended,
    // so the newer one must be confirmed in its turn or lapse, or an alert that died in between would hold her for ever.
    private static bool Weaken(HeldReservation held, long version, DateTimeOffset now, ResponderOptions options)
    {
        if (held.Until is not null || held.Confirmed > version) return false;
        held.Until = now + options.ReservationLapsesAfter;
        return true;
    }

    private static void Count(ResponderState state, ReleaseReason reason, ResponderOptions options)
    {
        var fade = Math.Min(1, (options.ReliabilityMemory - 1) / Math.Max(1, state.Helped + state.Missed));
        state.Helped = state.Helped * fade + (reason == ReleaseReason.Completed ? 1 : 0);
        state.Missed = state.Missed * fade + (reason == ReleaseReason.Completed ? 0 : 1);
    }
}
