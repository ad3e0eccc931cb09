using Sos.Contracts.Alerts;

namespace Sos.Grains.Alerts;

/// <summary>Bookkeeping of the outbox: what is done goes, what failed waits longer each time.</summary>
internal static class AlertOutbox
{
    /// <summary>What people on call are sent when an alert has nobody.</summary>
    public const string OnCallText = "SOS: an alert has nobody left to ask and no operator is connected. Please open the operators' board now.";

    /// <summary>Takes the pump's results in.</summary>
    public static void Settle(AlertState state, PumpResults results, DateTimeOffset now, int mostTries, TimeSpan longestPause, Action<OutboxItem> givenUp)
    {
        if (state.Outbox.Exists(i => i.Kind == OutboxKind.History && results.Done.Contains(i.Id)))
        {
            state.Timeline.RemoveRange(0, AlertTimeline.SegmentLength);
            state.HistorySegments++;
        }

        state.Outbox.RemoveAll(i => results.Done.Contains(i.Id));
        foreach (var item in state.Outbox.Where(i => results.Failed.Contains(i.Id)).ToList())
        {
            item.Tries++;
            var pause = TimeSpan.FromSeconds(Math.Min(longestPause.TotalSeconds, Math.Pow(2, Math.Min(item.Tries - 1, 10))));
            item.NextAt = now + pause;
            if (item.Tries < mostTries || MustArrive(item)) continue;
            givenUp(item);
            state.Outbox.Remove(item);
        }

        if (results.AuditedSeq is { } audited) AlertAudit.Arrived(state, audited);
        foreach (var reached in results.Reached)
        {
            if (reached.Devices == 0 && state.OfferOf(reached.Responder) is { IsWaiting: true } offer) offer.Offline = true;
        }
    }

    /// <summary>Nothing is left to be told.</summary>
    public static bool IsDrained(AlertState state) => state.Outbox.Count == 0 && state.PublishedSeq >= state.Seq;

    /// <summary>How long until something durable can be sent; null when there is nothing.</summary>
    public static TimeSpan? NextAt(AlertState state, long durable, DateTimeOffset now)
    {
        TimeSpan? next = null;
        foreach (var item in state.Outbox.Where(i => i.Id <= durable))
        {
            var wait = item.NextAt > now ? item.NextAt.Value - now : TimeSpan.Zero;
            if (next is null || wait < next) next = wait;
        }

        return next;
    }

    // Capacity that is never given back, a segment never kept, an act never audited, an alert never noted as closed or data never destroyed would harm for ever.
    private static bool MustArrive(OutboxItem item) =>
        item.Kind is OutboxKind.Release or OutboxKind.NoteUser or OutboxKind.Index or OutboxKind.History or OutboxKind.Confirm or OutboxKind.Audit
            or OutboxKind.Retention or OutboxKind.Erase or OutboxKind.Forget or OutboxKind.Unfile or OutboxKind.DropBlob;
}
