using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Relatives;

/// <summary>One bounded record a person; encrypted under her key. It calls nobody.</summary>
[GrainType("sos.relative-history")]
internal sealed class RelativeHistoryGrain(
    [PersistentState("relative-history", StorageNames.Records)] IPersistentState<RelativeHistoryState> record,
    IOptions<RelativeOptions> options,
    TimeProvider time) : Grain, IRelativeHistoryGrain
{
    public async Task Keep(ImmutableArray<RelativeEncounter> encounters)
    {
        if (HistoryRules.Keep(record.State, encounters)) await Write();
    }

    public Task<ImmutableArray<RelativeEncounter>> Encounters()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(HistoryRules.Encounters(record.State, Oldest));
    }

    public async Task<RelativeEncounter?> Dismiss(Guid encounter)
    {
        if (record.State.Encounters.Find(e => e.Id == encounter && e.At >= Oldest) is not { } entry)
        {
            if (!record.RecordExists) DeactivateOnIdle();
            return null;
        }

        if (entry.DismissedAt is null)
        {
            entry.DismissedAt = time.GetUtcNow();
            await Write();
        }

        return HistoryRules.View(record.State, entry);
    }

    public async Task Clear()
    {
        if (record.State.Encounters.Count == 0)
        {
            if (!record.RecordExists) DeactivateOnIdle();
            return;
        }

        record.State.Encounters.Clear();
        await Write();
    }

    public async Task Looked(RelativeLook look)
    {
        if (HistoryRules.Looked(record.State, look)) await Write();
    }

    public Task<ImmutableArray<RelativeLook>> Looks()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(HistoryRules.Looks(record.State, Oldest));
    }

    public async Task Purge()
    {
        if (HistoryRules.Purge(record.State, Oldest)) await Write();
        else if (!record.RecordExists) DeactivateOnIdle();
    }

    public async Task Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        DeactivateOnIdle();
    }

    // What is older is not shown either, however long its deletion waits for the next day's look.
    private DateTimeOffset Oldest => time.GetUtcNow() - options.Value.HistoryKept;

    private async Task Write()
    {
        HistoryRules.Purge(record.State, Oldest);
        await this.WriteOrLeave(record);
    }
}
