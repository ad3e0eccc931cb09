using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>
/// How much of where somebody was a relative may see: as far back as the window, of the spans in which she showed herself since she gave it, and no more exactly
/// than in each of them. A span ends with whatever ends her being shown; so a pause is a gap, as a dead battery would leave it.
/// </summary>
internal static class WindowRules
{
    /// <summary>Spans that are remembered; of somebody who switches more often the oldest are seen no more.</summary>
    public const int MostSpans = 8;

    /// <summary>
    /// Who sees her approximately sees a square for each of these, the one of the first position in it: when she crossed an edge would tell where on it she was.
    /// </summary>
    public static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);

    /// <summary>How far back a window goes.</summary>
    public static TimeSpan Length(this TrailWindow window) => window switch
    {
        TrailWindow.Hour => TimeSpan.FromHours(1),
        TrailWindow.Day => TimeSpan.FromHours(24),
        TrailWindow.Week => TimeSpan.FromDays(7),
        _ => TimeSpan.Zero,
    };

    /// <summary>Takes what she wishes, before the rest of the entry does and after what has ended by itself has ended.</summary>
    public static void Give(RelationEntry entry, RelativeSharing sharing, DateTimeOffset now)
    {
        // By the window until now: a wider one shows nothing that this one did not.
        Clip(entry, now);
        if (!sharing.Enabled) return;
        // Given anew, it begins anew.
        if (sharing.History == TrailWindow.None || !entry.Enabled) entry.Spans.Clear();
        else if (sharing.Precision != entry.Precision) Close(entry, now);
        entry.Window = sharing.History;
    }

    /// <summary>Begins and ends spans by who is shown her now; goes before each write.</summary>
    public static void Settle(RelativesState state, ImmutableArray<Guid> apart, bool mayShare, DateTimeOffset now)
    {
        var grants = SharingRules.At(SharingRules.Grants(state, apart, mayShare), now);
        foreach (var entry in state.Relations.Where(relation => relation.Window != TrailWindow.None))
        {
            // An answer to "where are you?" shows a place for ten minutes, and no trail.
            if (!entry.Enabled || !grants.Any(grant => grant.Viewer == entry.Person)) Close(entry, entry.Until < now ? entry.Until.Value : now);
            else if (entry.Spans is not [.., { Ended: null }]) entry.Spans.Add(new ShareSpan { Began = Beginning(now), Precision = entry.Precision });
            Clip(entry, now);
        }
    }

    /// <summary>The present span ends; where there is none, nothing does.</summary>
    public static void Close(RelationEntry entry, DateTimeOffset at)
    {
        if (entry.Spans is [.., { Ended: null } open]) open.Ended = at.ToUnixTimeMilliseconds();
    }

    /// <summary>What a relative sees of a trail.</summary>
    /// <param name="entry">What she has given that relative.</param>
    /// <param name="trail">Where she was, oldest first.</param>
    /// <param name="precision">How exactly she is shown to that relative.</param>
    /// <param name="now">The service's clock.</param>
    public static ImmutableArray<ShownPlace> Shown(RelationEntry entry, ImmutableArray<TrailPoint> trail, SharePrecision precision, DateTimeOffset now)
    {
        var (shown, oldest, slot, square) = (ImmutableArray.CreateBuilder<ShownPlace>(), now - entry.Window.Length(), DateTimeOffset.MinValue, (GeoPoint?)null);
        foreach (var point in trail)
        {
            var at = point.Fix.At;
            if (at < oldest || entry.Spans.Find(span => span.From < at && !((span.To ?? entry.Until) <= at)) is not { } span) continue;
            if (precision == SharePrecision.Exact && span.Precision == SharePrecision.Exact)
            {
                shown.Add(new ShownPlace(point.Fix, SharePrecision.Exact));
                square = null;
                continue;
            }

            // A slot is shown whole or not: cut off by the end of a window, it would tell of the moments in it.
            var begun = new DateTimeOffset(at.UtcTicks - at.UtcTicks % Slot.Ticks, TimeSpan.Zero);
            if (begun == slot || begun < oldest || begun < span.From) continue;
            slot = begun;
            if (point.Square == square) continue;
            square = point.Square;
            shown.Add(new ShownPlace(new PositionFix(point.Square, null, begun), SharePrecision.Approximate));
        }

        return shown.ToImmutable();
    }

    // The next whole millisecond: nothing from before it.
    private static long Beginning(DateTimeOffset at) => at.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();

    private static void Clip(RelationEntry entry, DateTimeOffset now)
    {
        var oldest = now - entry.Window.Length();
        entry.Spans.RemoveAll(span => span.To <= oldest);
        foreach (var span in entry.Spans.Where(span => span.From < oldest)) span.Began = Beginning(oldest);
        while (entry.Spans.Count > MostSpans) entry.Spans.RemoveAt(0);
    }
}
