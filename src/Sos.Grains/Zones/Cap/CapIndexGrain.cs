using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.State;

namespace Sos.Grains.Zones.Cap;

[GrainType("sos.cap-index")]
internal sealed class CapIndexGrain([PersistentState("cap-index", StorageNames.Records)] IPersistentState<CapIndexState> record) : Grain, ICapIndexGrain
{
    private HashSet<Guid> _ids = [];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ids = PackedIds.Unpack(record.State.Ids);
        return Task.CompletedTask;
    }

    public async Task<bool> Add(Guid id)
    {
        if (_ids.Contains(id)) return true;
        if (_ids.Count >= ICapIndexGrain.Most) return false;
        _ids.Add(id);
        await Write();
        return true;
    }

    public async Task Remove(Guid id)
    {
        if (_ids.Remove(id)) await Write();
    }

    public Task<ImmutableArray<Guid>> List() => Task.FromResult<ImmutableArray<Guid>>([.. _ids]);

    private async Task Write()
    {
        record.State.Ids = PackedIds.Pack(_ids);
        await this.WriteOrLeave(record);
    }
}
