using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Trackers;
using Sos.Grains.State;

namespace Sos.Grains.Trackers;

[GrainType("sos.trackers")]
internal sealed class TrackersGrain([PersistentState("trackers", StorageNames.Records)] IPersistentState<TrackersState> record, TimeProvider time) : Grain, ITrackersGrain
{
    private readonly Dictionary<Guid, TrackerSign> _last = [];

    // Queries interleave with a write that may yet fail, so they are served from what is known to be on disk.
    private ImmutableArray<TrackerEntry> _stored = [];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    async Task<Tracker?> ITrackersGrain.Add(TrackerDraft draft)
    {
        if (!TrackerRules.Add(record.State, draft, time.GetUtcNow())) return null;
        await Write();
        return View(_stored.First(entry => entry.Id == draft.Id));
    }

    Task<ImmutableArray<Tracker>> ITrackersGrain.List()
    {
        Rest();
        return Task.FromResult<ImmutableArray<Tracker>>([.. _stored.Select(View)]);
    }

    Task<Tracker?> ITrackersGrain.Find(string tokenHash)
    {
        Rest();
        // Both are keyed hashes: how long the comparison takes says nothing about a token.
        return Task.FromResult(_stored.FirstOrDefault(entry => entry.TokenHash == tokenHash) is { } found ? View(found) : null);
    }

    async Task ITrackersGrain.Heard(Guid id, TrackerSign sign)
    {
        if (!_stored.Any(entry => entry.Id == id)) return;
        _last[id] = sign;
        if (TrackerRules.Heard(record.State, id, sign.At)) await Write();
    }

    async Task<Tracker?> ITrackersGrain.ShowRelatives(Guid id, bool shows)
    {
        if (TrackerRules.ShowRelatives(record.State, id, shows) is not { } shown)
        {
            Rest();
            return null;
        }

        if (shown.Changed) await Write();
        return View(shown.Entry);
    }

    async Task<bool> ITrackersGrain.TakeNotice()
    {
        if (!TrackerRules.TakeNotice(record.State, time.GetUtcNow())) return false;
        await Write();
        return true;
    }

    async Task<bool> ITrackersGrain.Revoke(Guid id)
    {
        if (!TrackerRules.Revoke(record.State, id)) return false;
        await Write();
        _last.Remove(id);
        return true;
    }

    async Task ITrackersGrain.Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        _stored = [];
        _last.Clear();
        DeactivateOnIdle();
    }

    private Tracker View(TrackerEntry entry) => TrackerRules.View(entry, _last.GetValueOrDefault(entry.Id));

    /// <summary>Who has none costs no memory.</summary>
    private void Rest()
    {
        if (!record.RecordExists) DeactivateOnIdle();
    }

    private void Remember() => _stored = [.. record.State.Trackers];

    private async Task Write()
    {
        await this.WriteOrLeave(record);
        Remember();
    }
}
