using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Alerts;

/// <summary>One segment of where the victim went during an alert, in batches of the alert's pump. Key: "{alert id}/{segment}".</summary>
[Alias("sos.alerts.ITrackGrain")]
public interface ITrackGrain : IGrainWithStringKey
{
    /// <summary>Most fixes of a segment.</summary>
    const int SegmentLength = 300;

    /// <summary>Adds fixes in order of time; ones that are there already are dropped. Answers how many the segment has.</summary>
    [Alias("Append")] Task<int> Append(ImmutableArray<PositionFix> fixes);

    /// <summary>The fixes, oldest first.</summary>
    [Alias("Read")] Task<ImmutableArray<PositionFix>> Read();

    /// <summary>Deletes the segment for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();

    /// <summary>The grain key of a segment, from 0.</summary>
    static string KeyOf(Guid alertId, int segment) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{alertId:N}/{segment}");
}
