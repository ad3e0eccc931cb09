using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Audit;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Audit;

/// <inheritdoc cref="IAuditSegmentGrain"/>
[GrainType("sos.audit-segment")]
internal sealed class AuditSegmentGrain([PersistentState("segment", StorageNames.Large)] IPersistentState<AuditSegmentState> kept) : Grain, IAuditSegmentGrain
{
    public async Task Keep(AuditSegment segment)
    {
        if (kept.RecordExists) return;
        kept.State = new AuditSegmentState
        {
            Number = segment.Number,
            First = segment.First,
            Before = segment.Before,
            Entries = [.. segment.Entries],
            Count = segment.Entries[^1].Seq,
            Head = segment.Entries[^1].Hash,
        };
        await this.WriteOrLeave(kept);
    }

    public Task<AuditSegment?> Read()
    {
        if (!kept.RecordExists) DeactivateOnIdle();
        return Task.FromResult(kept.RecordExists ? kept.State.ToSegment() : null);
    }
}
