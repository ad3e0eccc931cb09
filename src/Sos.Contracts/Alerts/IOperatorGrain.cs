using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Zones;

namespace Sos.Contracts.Alerts;

/// <summary>An operator's desk: the boards of her areas and her devices. Key: user id.</summary>
[Alias("sos.alerts.IOperatorGrain")]
public interface IOperatorGrain : IGrainWithGuidKey
{
    /// <summary>Open alerts of all her areas, most urgent first.</summary>
    [Alias("Board"), AlwaysInterleave] Task<ImmutableArray<BoardEntry>> Board(ImmutableArray<string> areas);

    /// <summary>Registers the observer of a process that holds connections of hers, and the areas she has; renewed every 30 s.</summary>
    [Alias("Follow"), AlwaysInterleave] Task Follow(Operations.IDeviceObserver observer, ImmutableArray<string> areas);

    /// <summary>A board she follows has changed.</summary>
    [Alias("BoardChanged"), OneWay, AlwaysInterleave] Task BoardChanged(BoardEntry entry);

    /// <summary>The board of an area has started: operators of every area follow it and hear what is open there.</summary>
    [Alias("AreaStarted"), OneWay, AlwaysInterleave] Task AreaStarted(string area);

    /// <summary>Many people have come into a zone of an area: told to her devices if the area is hers.</summary>
    [Alias("CrowdSeen"), OneWay, AlwaysInterleave] Task CrowdSeen(ZoneCrowd crowd);
}
