using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

[GrainType("sos.app-grants")]
internal sealed class AppGrantsGrain([PersistentState("apps", StorageNames.Records)] IPersistentState<AppGrantsState> record, TimeProvider time) : Grain, IAppGrantsGrain
{
    /// <summary>Codes that wait for their use; a person agrees to one at a time.</summary>
    private const int MostCodes = 8;

    // In memory only: a restart makes those that were not used worthless, and can make none good twice.
    private readonly List<PendingCode> _codes = [];

    Task IAppGrantsGrain.Offer(PendingCode code)
    {
        if (_codes.Count == MostCodes) _codes.RemoveAt(0);
        _codes.Add(code);
        return Task.CompletedTask;
    }

    Task<PendingCode?> IAppGrantsGrain.Redeem(Guid code)
    {
        var found = _codes.Find(known => known.Code == code);
        _codes.RemoveAll(known => known.Code == code || time.GetUtcNow() >= known.Until);
        return Task.FromResult(found is not null && time.GetUtcNow() < found.Until ? found : null);
    }

    async Task<ImmutableArray<Guid>> IAppGrantsGrain.Grant(AppGrant grant)
    {
        var surplus = AppRules.Grant(record.State, grant);
        await Write();
        return [.. surplus];
    }

    Task<ImmutableArray<AppGrant>> IAppGrantsGrain.List()
    {
        if (!record.RecordExists && _codes.Count == 0) DeactivateOnIdle();
        return Task.FromResult<ImmutableArray<AppGrant>>([.. AppRules.Newest(record.State)]);
    }

    Task<ImmutableArray<Guid>> IAppGrantsGrain.Sessions(Guid? clientId) => Task.FromResult<ImmutableArray<Guid>>([.. AppRules.Sessions(record.State, clientId)]);

    async Task IAppGrantsGrain.Remove(Guid? clientId)
    {
        _codes.RemoveAll(code => clientId is null || code.ClientId == clientId);
        if (AppRules.Remove(record.State, clientId)) await Write();
    }

    async Task<bool> IAppGrantsGrain.AddOwn(Guid clientId)
    {
        var own = record.State.Own;
        if (own.Contains(clientId)) return true;
        if (own.Count >= AppRules.MostOwn) return false;
        own.Add(clientId);
        await Write();
        return true;
    }

    async Task<bool> IAppGrantsGrain.RemoveOwn(Guid clientId)
    {
        if (!record.State.Own.Remove(clientId)) return false;
        await Write();
        return true;
    }

    Task<ImmutableArray<Guid>> IAppGrantsGrain.Own() => Task.FromResult<ImmutableArray<Guid>>([.. record.State.Own]);

    async Task IAppGrantsGrain.Erase()
    {
        _codes.Clear();
        if (record.RecordExists) await this.ClearOrLeave(record);
        DeactivateOnIdle();
    }

    private Task Write() => this.WriteOrLeave(record);
}
