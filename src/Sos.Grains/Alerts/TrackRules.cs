using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;

namespace Sos.Grains.Alerts;

/// <summary>How fixes go into a segment of a track.</summary>
internal static class TrackRules
{
    /// <summary>
    /// The fixes with others added in order of time, or null when nothing is new. A full segment takes nothing more; a batch that fills it
    /// goes in whole.
    /// </summary>
    public static List<PositionFix>? Append(List<PositionFix> present, ImmutableArray<PositionFix> fixes)
    {
        if (present.Count >= ITrackGrain.SegmentLength) return null;
        var known = present.Select(f => f.At.UtcTicks).ToHashSet();
        var added = fixes.Where(f => known.Add(f.At.UtcTicks)).ToList();
        return added.Count == 0 ? null : [.. present.Concat(added).OrderBy(f => f.At)];
    }
}
