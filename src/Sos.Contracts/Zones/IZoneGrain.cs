using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Zones;

/// <summary>A zone: the truth about it. It lists itself in the cells that it lies in, and goes when its time is over. Key: zone id.</summary>
[Alias("sos.zones.IZoneGrain")]
public interface IZoneGrain : IGrainWithGuidKey
{
    /// <summary>Makes the zone, or makes it what the draft says.</summary>
    [Alias("Put")] Task<ZoneOutcome> Put(ZoneDraft draft);

    /// <summary>The same for a zone that is there.</summary>
    [Alias("Change")] Task<ZoneOutcome> Change(ZoneDraft draft);

    /// <summary>Takes the zone away; false when there is none.</summary>
    [Alias("Remove")] Task<bool> Remove();

    /// <summary>A cell lists a zone that does not lie in it, or is none: a process was killed between two writes. Looked at in the zone's own turn, and taken off where that is so.</summary>
    [Alias("Straighten"), OneWay] Task Straighten(string cell);

    /// <summary>The zone; null when there is none.</summary>
    [Alias("Read"), AlwaysInterleave] Task<Zone?> Read();
}
