using Sos.Contracts.Geo;

namespace Sos.Grains.Geo;

/// <summary>When a position is live, stale or expired.</summary>
internal static class FreshnessRules
{
    /// <summary>The freshness of an entry: its position's age decides whether it may be used, its last sign of life whether it is live.</summary>
    public static Freshness Of(CellEntry entry, DateTimeOffset now, GeoOptions options) =>
        entry.Expires <= now ? Freshness.Expired : now - entry.At < options.LiveFor ? Freshness.Live : Freshness.Stale;

    /// <summary>Whether an entry is newer than a report of the same person: by epoch, then by sequence number.</summary>
    public static bool IsNewerThan(this CellEntry entry, long epoch, long seq) => entry.Epoch > epoch || (entry.Epoch == epoch && entry.Seq > seq);
}
