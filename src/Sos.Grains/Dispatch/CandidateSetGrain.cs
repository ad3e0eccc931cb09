using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Dispatch;

[GrainType("sos.candidate-set")]
internal sealed class CandidateSetGrain([PersistentState("set", StorageNames.Large)] IPersistentState<CandidateSetState> kept) : Grain, ICandidateSetGrain
{
    private const int MostCandidates = 50;

    public async Task Keep(CandidateSet set)
    {
        if (kept.State.Set is not null) return;
        kept.State.Set = set.Candidates.Length <= MostCandidates ? set : set with { Candidates = set.Candidates[..MostCandidates] };
        await this.WriteOrLeave(kept);
    }

    public Task<CandidateSet?> Read()
    {
        // Numbers that were guessed must not fill the memory.
        if (kept.State.Set is null) DeactivateOnIdle();
        return Task.FromResult(kept.State.Set);
    }

    public async Task Erase()
    {
        if (kept.RecordExists) await this.ClearOrLeave(kept);
        DeactivateOnIdle();
    }
}
