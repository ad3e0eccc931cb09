using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Responders;

/// <summary>Clearance, duty and what others see of a responder. Methods that change the state answer whether they have.</summary>
internal static class ResponderRules
{
    /// <summary>Bounds of capacity.</summary>
    public const int MostCapacity = 10;

    /// <summary>Longest display name kept.</summary>
    public const int LongestName = 80;

    /// <summary>Staff's decision. Suspending ends duty.</summary>
    public static void Clear(ResponderState state, ResponderClearance clearance)
    {
        state.Known = true;
        state.Cleared = clearance.Cleared;
        state.ValidUntil = clearance.ValidUntil;
        state.Capabilities = clearance.Capabilities;
        state.DisplayName = clearance.DisplayName.Length <= LongestName ? clearance.DisplayName : clearance.DisplayName[..LongestName];
        if (!clearance.Cleared) EndDuty(state);
    }

    /// <summary>Her own change. Off duty forgets where she was.</summary>
    public static bool Change(ResponderState state, DutyChange change)
    {
        var before = (state.OnDuty, state.Capacity, state.Transport);
        state.OnDuty = change.OnDuty ?? state.OnDuty;
        state.Capacity = Math.Clamp(change.Capacity ?? state.Capacity, 1, MostCapacity);
        state.Transport = change.Transport ?? state.Transport;
        if (!state.OnDuty) EndDuty(state);
        return before != (state.OnDuty, state.Capacity, state.Transport);
    }

    /// <summary>
    /// Mean of a Beta distribution: (a + helped) / (2a + helped + missed), so 0.5 for a newcomer and never quite 0 or 1.
    /// </summary>
    public static double Reliability(this ResponderState state, ResponderOptions options) =>
        (options.ReliabilityPrior + state.Helped) / (2 * options.ReliabilityPrior + state.Helped + state.Missed);

    /// <summary>What dispatch scores by.</summary>
    public static ResponderTraits Traits(this ResponderState state, DateTimeOffset now, ResponderOptions options) =>
        new(state.Capabilities, state.Transport, state.Free(now), state.Reliability(options), state.ReachableAt);

    /// <summary>A device was heard of. To the hour, since it is compared with days and would else change with every heartbeat.</summary>
    public static bool Reached(ResponderState state, DateTimeOffset now)
    {
        if (state.ReachableAt is { } at && now - at < TimeSpan.FromHours(1)) return false;
        state.ReachableAt = now;
        return true;
    }

    /// <summary>Whether where she is must be written: a new cell at most once a minute, the time in the same cell now and then.</summary>
    public static bool CellIsDue(ResponderState state, bool sameCell, DateTimeOffset now, ResponderOptions options)
    {
        return state.LastCellAt is not { } at || now - at >= (sameCell ? options.CellRefreshEvery : options.CellWriteEvery);
    }

    /// <summary>A responder as staff and she herself see her; null when she was never cleared.</summary>
    public static ResponderView? View(this ResponderState state, Guid id, PositionFix? position, long inboxSeq, DateTimeOffset now, ResponderOptions options) => !state.Known
        ? null
        : new ResponderView(
            id, state.DisplayName, state.Cleared, state.OnDuty, state.Capabilities, state.Transport, state.Capacity, state.Engaged(now),
            state.Reliability(options), state.Serves ? position : null, inboxSeq);

    /// <summary>The middle of the last durable cell, marked as last known; null when there is none.</summary>
    public static PositionFix? LastKnown(this ResponderState state)
    {
        if (state.LastCellAt is not { } at || !GeocellId.TryParse(state.LastCell, out var cell)) return null;
        var middle = cell.Bounds().Centre;
        var corner = new GeoPoint(cell.Bounds().South, cell.Bounds().West);
        return new PositionFix(middle, middle.DistanceTo(corner), at, LastKnown: true);
    }

    private static void EndDuty(ResponderState state)
    {
        state.OnDuty = false;
        state.LastCell = null;
        state.LastCellAt = null;
        state.RosterArea = null;
    }
}
