using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Zones;

namespace Sos.Contracts.Alerts;

/// <summary>
/// The open alerts of an area in memory, for operators; never a place of truth. Subscribed to the area's <c>alerts</c> stream and
/// rebuilt by the sweep, whose pings make open alerts announce themselves. Key: area.
/// </summary>
[Alias("sos.alerts.IAlertBoardGrain")]
public interface IAlertBoardGrain : IGrainWithStringKey
{
    /// <summary>Open alerts, most urgent first: who needs staff, then who has nobody, then oldest.</summary>
    [Alias("Open"), AlwaysInterleave] Task<ImmutableArray<BoardEntry>> Open();

    /// <summary>An alert announces how it stands; older entries change nothing.</summary>
    [Alias("Announce"), OneWay] Task Announce(BoardEntry entry);

    /// <summary>An alert has nobody left to ask: tells the operators who follow; answers how many have a device connected.</summary>
    [Alias("CallStaff")] Task<int> CallStaff(BoardEntry entry);

    /// <summary>Many people have come into a zone of the area: tells the operators who follow, and keeps nothing.</summary>
    [Alias("Crowd"), OneWay] Task Crowd(ZoneCrowd crowd);

    /// <summary>An operator follows this board; renewed every 30 s, expires after 60 s.</summary>
    [Alias("Follow"), AlwaysInterleave] Task Follow(Guid operatorId, bool connected);
}
