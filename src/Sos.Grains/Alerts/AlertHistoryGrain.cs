using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Alerts;

/// <summary>Events that an alert's record has handed over.</summary>
[GenerateSerializer, Alias("sos.alerts.history-state")]
internal sealed class AlertHistoryState
{
    [Id(0)] public List<AlertEvent> Events { get; set; } = [];
}

/// <inheritdoc cref="IAlertHistoryGrain"/>
[GrainType("sos.alert-history")]
internal sealed class AlertHistoryGrain(
    [PersistentState("history", StorageNames.Large)] IPersistentState<AlertHistoryState> storage) : Grain, IAlertHistoryGrain
{
    public async Task Keep(ImmutableArray<AlertEvent> events)
    {
        if (storage.RecordExists) return;
        storage.State.Events = [.. events];
        await this.WriteOrLeave(storage);
    }

    public Task<ImmutableArray<AlertEvent>> Read()
    {
        // A guess at an id leaves nothing behind.
        if (!storage.RecordExists) DeactivateOnIdle();
        return Task.FromResult(storage.State.Events.ToImmutableArray());
    }

    public async Task Erase()
    {
        if (storage.RecordExists) await this.ClearOrLeave(storage);
        DeactivateOnIdle();
    }
}
