using System.Collections.Immutable;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>Where she was.</summary>
internal sealed partial class RelativesGrain
{
    public async Task<ImmutableArray<ShownPlace>> Trail(Guid viewer)
    {
        // The trail goes with the place, and ends at it: who is shown nowhere any more was nowhere, and who has withdrawn was seen no further than she was seen last.
        // Else a trail that is taken away, or stays, would tell a "no" from no signal.
        if (await Look(viewer) is not { } shown || State.With(viewer) is not { State: RelationState.Active } entry) return [];
        if (entry.Spans.Count == 0 || shown.Fix.At > entry.Spans[^1].To) return [];
        var now = Now;
        var kept = await GrainFactory.GetGrain<ITrailGrain>(Id).Read(now - entry.Window.Length(), shown.Fix.At);
        var trail = WindowRules.Shown(entry, kept, shown.Precision, now);
        if (!trail.IsEmpty) await History.Looked(new RelativeLook(entry.Id, entry.Name, now, Trail: true));
        return trail;
    }
}
