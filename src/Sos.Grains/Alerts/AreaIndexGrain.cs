using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Alerts;

[GrainType("sos.area-index")]
internal sealed class AreaIndexGrain([PersistentState("areas", StorageNames.Records)] IPersistentState<AreaIndexState> areas, TimeProvider time)
    : Grain, IAreaIndexGrain
{
    private readonly Followers _followers = new(BoardTimes.FollowFor);

    private bool IsRoot => this.GetPrimaryKeyString() == AreaIndexKeys.Root;

    public async Task Add(string area)
    {
        var item = IsRoot ? AreaIndexKeys.ShardOf(area) : area;
        var place = areas.State.Listed.BinarySearch(item, StringComparer.Ordinal);
        if (place < 0)
        {
            areas.State.Listed.Insert(~place, item);
            await this.WriteOrLeave(areas);
        }

        // Also for known areas: a board that has started again wants its followers back at once.
        foreach (var follower in _followers.At(time.GetUtcNow()))
        {
            await GrainFactory.GetGrain<IOperatorGrain>(follower).AreaStarted(area);
        }
    }

    public Task<ImmutableArray<string>> List() => Task.FromResult<ImmutableArray<string>>([.. areas.State.Listed]);

    public Task Follow(Guid operatorId, bool connected)
    {
        _followers.Follow(operatorId, connected, time.GetUtcNow());
        return Task.CompletedTask;
    }
}
