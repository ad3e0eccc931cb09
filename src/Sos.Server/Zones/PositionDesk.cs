using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;

namespace Sos.Server.Zones;

/// <summary>
/// The way in for where somebody is, however her device sends it: to her own grain, and where that finds that she has come into a zone, to the watch that decides
/// whether she is warned. What fails in between is told again with her next report.
/// </summary>
internal sealed class PositionDesk(IGrainFactory grains)
{
    /// <summary>Takes reports; answers the warning for her, or null.</summary>
    public async Task<ZoneWarning?> Take(Guid person, ImmutableArray<PositionReport> reports)
    {
        var user = grains.GetGrain<IUserGrain>(person);
        var entries = (await user.Report(reports)).Entries;
        if (entries.IsEmpty) return null;
        var warning = await grains.GetGrain<IZoneWatchGrain>(person).Enter(entries);
        foreach (var entry in entries) await grains.GetGrain<IZoneCrowdGrain>(entry.Zone).Enter(person, entry);
        // A tracker shows nothing: her other devices do.
        if (warning is not null) await user.Warn(warning);
        await user.Noted(entries);
        return warning;
    }
}
