using System.Collections.Immutable;
using Sos.Contracts.Alerts;

namespace Sos.Grains.Alerts;

/// <summary>How listings are cut into segments, and how entries go into them. Segments divide time, so that an entry is found by when it was raised.</summary>
internal static class AlertIndexRules
{
    /// <summary>A newest segment with as many entries is followed by another.</summary>
    public const int RotateAt = 256;

    /// <summary>An older segment that late entries have filled beyond this is divided. With 100 bytes an entry a record stays under 60 KB.</summary>
    public const int DivideAt = 2 * RotateAt;

    /// <summary>Changes that are written together at least, where there are so many.</summary>
    public const int RunLength = 64;

    private static readonly AlertIndexSegment Only = new() { Number = 0, From = 0 };

    /// <summary>Oldest first; segment 0 alone when none was ever added.</summary>
    public static ImmutableArray<AlertIndexSegment> SegmentsOf(AlertIndexState state) => state.Segments.Count == 0 ? [Only] : [.. state.Segments];

    /// <summary>The state with one more segment from a moment on.</summary>
    public static AlertIndexState WithSegment(AlertIndexState state, DateTimeOffset from)
    {
        var segments = SegmentsOf(state);
        var added = new AlertIndexSegment { Number = segments.Max(s => s.Number) + 1, From = from.UtcTicks };
        return new AlertIndexState { Segments = [.. segments.Append(added).OrderBy(s => s.From)] };
    }

    /// <summary>Position of the segment that holds what was raised at a moment.</summary>
    public static int PlaceOf(ImmutableArray<AlertIndexSegment> segments, DateTimeOffset raisedAt)
    {
        var place = segments.Length - 1;
        while (place > 0 && segments[place].From > raisedAt.UtcTicks) place--;
        return place;
    }

    /// <summary>Where the segment after one begins; null for the newest.</summary>
    public static DateTimeOffset? EndOf(ImmutableArray<AlertIndexSegment> segments, int place) =>
        place + 1 < segments.Length ? new DateTimeOffset(segments[place + 1].From, TimeSpan.Zero) : null;

    /// <summary>Oldest first, each alert once, as it stood last.</summary>
    public static ImmutableArray<AlertIndexEntry> InOrder(IEnumerable<AlertIndexEntry> entries) =>
        [.. entries.GroupBy(e => e.AlertId).Select(same => same.Aggregate(Later)).OrderBy(AlertIndexMark.Of)];

    /// <summary>The next entries that go into one segment together.</summary>
    public static ImmutableArray<AlertIndexEntry> Run(ImmutableArray<AlertIndexEntry> entries, int start, DateTimeOffset? end, int count)
    {
        var most = Math.Max(RunLength, RotateAt - count);
        return [.. entries.Skip(start).TakeWhile(e => end is null || e.RaisedAt < end).Take(most)];
    }

    /// <summary>Entries of a segment with others merged in and those from <paramref name="end"/> on left out; null when that changes nothing.</summary>
    public static List<IndexedAlert>? Merge(List<IndexedAlert> present, ImmutableArray<AlertIndexEntry> entries, DateTimeOffset? end)
    {
        var merged = present.ToDictionary(a => a.AlertId, a => a.ToEntry());
        var changed = false;
        foreach (var entry in entries)
        {
            var later = merged.TryGetValue(entry.AlertId, out var known) ? Later(known, entry) : entry;
            changed |= later != known;
            merged[entry.AlertId] = later;
        }

        var kept = merged.Values.Where(e => end is null || e.RaisedAt < end).OrderBy(AlertIndexMark.Of).Select(IndexedAlert.Of).ToList();
        return changed || kept.Count != present.Count ? kept : null;
    }

    /// <summary>Where an overfull segment is divided: the moment of its middle entry, or null when all were raised at once.</summary>
    public static DateTimeOffset? Middle(ImmutableArray<AlertIndexEntry> entries)
    {
        var middle = entries[entries.Length / 2].RaisedAt;
        return middle > entries[0].RaisedAt ? middle : null;
    }

    /// <summary>The entries of a segment that lie before a mark, newest first; all without one. What a division left behind or copied ahead is not its own.</summary>
    public static IEnumerable<AlertIndexEntry> Before(
        ImmutableArray<AlertIndexEntry> entries, AlertIndexMark? mark, ImmutableArray<AlertIndexSegment> segments, int place)
    {
        var from = place == 0 ? long.MinValue : segments[place].From;
        var end = EndOf(segments, place)?.UtcTicks ?? long.MaxValue;
        return entries.Reverse().Where(e => e.RaisedAt.UtcTicks >= from && e.RaisedAt.UtcTicks < end && (mark is not { } m || AlertIndexMark.Of(e) < m));
    }

    /// <summary>Changes may arrive in any order, but a closed alert never opens again, and when it was raised never changes.</summary>
    private static AlertIndexEntry Later(AlertIndexEntry known, AlertIndexEntry entry) =>
        AlertBoard.IsOpen(known.Status) || !AlertBoard.IsOpen(entry.Status) ? entry with { RaisedAt = known.RaisedAt } : known;
}
