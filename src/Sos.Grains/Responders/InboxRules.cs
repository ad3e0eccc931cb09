using System.Collections.Immutable;
using Sos.Contracts.Responders;

namespace Sos.Grains.Responders;

/// <summary>What goes into an inbox, and when it goes out again.</summary>
internal static class InboxRules
{
    /// <summary>Most items kept; the oldest go first.</summary>
    public const int MostItems = 200;

    /// <summary>
    /// Puts a delivery in. The same (alert, kind, round) is put in once; what is older than an item about the same alert comes too late and is not put in.
    /// A stand-down takes the place of everything about its alert, an update that of the update before.
    /// </summary>
    /// <returns>The item that stands for the delivery, and whether it is new.</returns>
    public static (StoredInboxItem Item, bool Added) Insert(InboxState state, InboxDelivery delivery, DateTimeOffset now, ResponderOptions options)
    {
        StoredInboxItem? newer = null;
        foreach (var item in state.Items)
        {
            if (item.AlertId != delivery.AlertId) continue;
            if (item.Kind == delivery.Kind && item.Round == delivery.Round) return (item, false);
            if (item.Version > delivery.Version) newer = item;
        }

        if (newer is not null) return (newer, false);
        if (delivery.Kind == InboxKind.StandDown) Forget(state, delivery.AlertId);
        if (delivery.Kind == InboxKind.Update) state.Items.RemoveAll(item => item.AlertId == delivery.AlertId && item.Kind == InboxKind.Update);
        state.Items.RemoveAll(item => item.At <= Oldest(now, options));
        if (state.Items.Count >= MostItems) state.Items.RemoveRange(0, state.Items.Count - MostItems + 1);
        var added = StoredInboxItem.Of(++state.Seq, now, delivery);
        state.Items.Add(added);
        return (added, true);
    }

    /// <summary>Takes out everything about an alert: nothing is shown of it after close.</summary>
    public static bool Forget(InboxState state, Guid alertId) => state.Items.RemoveAll(item => item.AlertId == alertId) > 0;

    /// <summary>Items above a sequence number, oldest first.</summary>
    public static ImmutableArray<InboxItem> After(InboxState state, long after, DateTimeOffset now, ResponderOptions options) =>
        [.. state.Items.Where(item => item.Seq > after && item.At > Oldest(now, options)).Select(item => item.ToItem())];

    private static long Oldest(DateTimeOffset now, ResponderOptions options) => (now - options.InboxKeptFor).ToUnixTimeMilliseconds();
}
