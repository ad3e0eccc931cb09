using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Audit;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Audit;

/// <summary>
/// The open segment of a chain is its record; a full one is handed to a grain of its own first, which keeps what it has when that is
/// repeated.
/// </summary>
[GrainType("sos.audit")]
internal sealed class AuditGrain([PersistentState("audit", StorageNames.Records)] IPersistentState<AuditSegmentState> open, TimeProvider time)
    : Grain, IAuditGrain
{
    private HashSet<Guid>? _known;
    private bool _listed;

    private string Chain => this.GetPrimaryKeyString();

    public async Task Append(AuditDraft draft)
    {
        // What an outbox sends again after a crash may be long past the open segment.
        _known ??= await Known();
        if (!_known.Contains(draft.Id))
        {
            if (AuditRules.IsFull(open.State))
            {
                await Segment(open.State.Number).Keep(open.State.ToSegment());
                open.State = AuditRules.Next(open.State);
            }

            AuditRules.Append(open.State, Chain, draft, (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds);
            await this.WriteOrLeave(open);

            _known.Add(draft.Id);
        }

        if (_listed) return;
        await GrainFactory.GetGrain<IAuditIndexGrain>(AuditKeys.IndexOf(Chain)).Add(Chain);
        _listed = true;
    }

    public async Task<ImmutableArray<AuditEntry>> Page(AuditFilter filter, long below, int limit)
    {
        if (!open.RecordExists) DeactivateOnIdle();
        var found = new List<AuditEntry>();
        for (var number = open.State.Number; number >= 0 && found.Count < limit; number--)
        {
            var entries = number == open.State.Number ? open.State.Entries : (await Segment(number).Read())?.Entries ?? Enumerable.Empty<AuditEntry>();
            found.AddRange(entries.Reverse().Where(e => e.Seq < below && filter.Wants(e)).Take(limit - found.Count));
        }

        return [.. found];
    }

    public async Task<AuditVerdict> Verify()
    {
        if (!open.RecordExists) DeactivateOnIdle();
        return AuditRules.Check(Chain, await Full(), open.State);
    }

    private async Task<HashSet<Guid>> Known() =>
        [.. (await Full()).SelectMany(segment => segment?.Entries ?? []).Concat(open.State.Entries).Select(entry => entry.Draft.Id)];

    private async Task<List<AuditSegment?>> Full()
    {
        var full = new List<AuditSegment?>();
        for (var number = 0; number < open.State.Number; number++) full.Add(await Segment(number).Read());
        return full;
    }

    private IAuditSegmentGrain Segment(int number) => GrainFactory.GetGrain<IAuditSegmentGrain>(AuditKeys.Segment(Chain, number));
}
