using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Audit;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Audit;

/// <inheritdoc cref="IAuditIndexGrain"/>
[GrainType("sos.audit-index")]
internal sealed class AuditIndexGrain([PersistentState("index", StorageNames.Records)] IPersistentState<AuditIndexState> index) : Grain, IAuditIndexGrain
{
    public async Task Add(string chain)
    {
        var place = index.State.Chains.BinarySearch(chain, StringComparer.Ordinal);
        if (place >= 0) return;
        index.State.Chains.Insert(~place, chain);
        await this.WriteOrLeave(index);
    }

    public Task<ImmutableArray<string>> List()
    {
        if (!index.RecordExists) DeactivateOnIdle();
        return Task.FromResult<ImmutableArray<string>>([.. index.State.Chains]);
    }
}
