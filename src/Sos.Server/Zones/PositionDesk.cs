using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;

namespace Sos.Server.Zones;

/// <summary>
/// The way in for where somebody is, however her device sends it: to her own grain, and where that finds that she has come into a zone, to the watch that decides
/// whether she is warned; where it finds that relatives have come near or gone, to her relatives, who keep it and tell her devices. What fails in between is told
/// again with her next report.
/// </summary>
internal sealed class PositionDesk(IGrainFactory grains)
{
    /// <summary>Takes reports; answers the warning for her, or null.</summary>
    public async Task<ZoneWarning?> Take(Guid person, ImmutableArray<PositionReport> reports)
    {
        var user = grains.GetGrain<IUserGrain>(person);
        var outcome = await user.Report(reports);
        ZoneWarning? warning = null;
        if (!outcome.Entries.IsEmpty)
        {
            warning = await grains.GetGrain<IZoneWatchGrain>(person).Enter(outcome.Entries);
            foreach (var entry in outcome.Entries) await grains.GetGrain<IZoneCrowdGrain>(entry.Zone).Enter(person, entry);
            // A tracker shows nothing: her other devices do.
            if (warning is not null) await user.Warn(warning);
            await user.Noted(outcome.Entries);
        }

        if (!outcome.Changes.IsEmpty)
        {
            await grains.GetGrain<IRelativesGrain>(person).Noted(outcome.Changes);
            await user.Noted(outcome.Changes);
        }

        return warning;
    }
}
