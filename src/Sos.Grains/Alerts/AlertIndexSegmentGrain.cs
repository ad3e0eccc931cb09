using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Alerts;

[GrainType("sos.alert-index-segment")]
internal sealed class AlertIndexSegmentGrain([PersistentState("segment", StorageNames.Records)] IPersistentState<AlertIndexSegmentState> segment)
    : Grain, IAlertIndexSegmentGrain
{
    public async Task<AlertIndexFill> Merge(ImmutableArray<AlertIndexEntry> entries, DateTimeOffset? before)
    {
        if (AlertIndexRules.Merge(segment.State.Alerts, entries, before) is { } merged)
        {
            segment.State = new AlertIndexSegmentState { Alerts = merged };
            await this.WriteOrLeave(segment);
        }

        var alerts = segment.State.Alerts;
        return new AlertIndexFill(alerts.Count, alerts.Count == 0 ? null : alerts[^1].ToEntry().RaisedAt);
    }

    public async Task Erase()
    {
        if (segment.RecordExists) await this.ClearOrLeave(segment);
        DeactivateOnIdle();
    }

    public Task<ImmutableArray<AlertIndexEntry>> Read()
    {
        if (!segment.RecordExists) DeactivateOnIdle();
        return Task.FromResult<ImmutableArray<AlertIndexEntry>>([.. segment.State.Alerts.Select(a => a.ToEntry())]);
    }
}
