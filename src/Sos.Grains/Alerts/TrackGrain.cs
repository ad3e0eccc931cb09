using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Alerts;

[GrainType("sos.track")]
internal sealed class TrackGrain([PersistentState("track", StorageNames.Records)] IPersistentState<TrackState> track) : Grain, ITrackGrain
{
    public async Task<int> Append(ImmutableArray<PositionFix> fixes)
    {
        if (TrackRules.Append(track.State.Fixes, fixes) is { } longer)
        {
            track.State = new TrackState { Fixes = longer };
            await this.WriteOrLeave(track);
        }

        return track.State.Fixes.Count;
    }

    public Task<ImmutableArray<PositionFix>> Read()
    {
        if (!track.RecordExists) DeactivateOnIdle();
        return Task.FromResult<ImmutableArray<PositionFix>>([.. track.State.Fixes]);
    }

    public async Task Erase()
    {
        if (track.RecordExists) await this.ClearOrLeave(track);
        DeactivateOnIdle();
    }
}
