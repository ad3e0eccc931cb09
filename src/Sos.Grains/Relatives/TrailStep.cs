using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Grains.Geo;

namespace Sos.Grains.Relatives;

/// <summary>Hands positions to the trail of somebody who keeps one, and remembers nothing of those who do not. Nobody waits for a write: the trail is told one way.</summary>
/// <param name="keeps">Whether she keeps one.</param>
/// <param name="presence">In which square she is shown.</param>
/// <param name="trail">Hers.</param>
internal sealed class TrailStep(Func<bool> keeps, SharingPresence presence, ITrailGrain trail) : IPositionStep
{
    private PositionFix? _kept;

    public async ValueTask<bool> Take(PositionWork work)
    {
        if (!keeps()) _kept = null;
        else if (TrailRules.IsWorthKeeping(_kept, work.Fix!))
        {
            _kept = work.Fix!;
            await trail.Keep(new TrailPoint(_kept, presence.Shown(_kept, SharePrecision.Approximate)));
        }

        return true;
    }
}
