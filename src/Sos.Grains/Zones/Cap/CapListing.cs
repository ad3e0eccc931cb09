using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>A page of warnings.</summary>
/// <param name="Warnings">The newest first.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
public sealed record CapPage(ImmutableArray<CapAlertView> Warnings, Guid? Next);

/// <summary>Lists the warnings that are kept.</summary>
public sealed class CapListing(IGrainFactory grains)
{
    private const int AtOnce = 32;

    /// <summary>The warnings before a key, newest first.</summary>
    public async Task<CapPage> Page(Guid? before, int limit)
    {
        var lists = await Task.WhenAll(Enumerable.Range(0, CapKeys.Shards).Select(shard => grains.GetGrain<ICapIndexGrain>(CapKeys.Shard(shard)).List()));
        var found = ImmutableArray.CreateBuilder<CapAlertView>();
        foreach (var batch in lists.SelectMany(list => list).Where(id => before is null || id.CompareTo(before.Value) < 0).OrderDescending().Chunk(AtOnce))
        {
            foreach (var warning in await Task.WhenAll(batch.Select(id => grains.GetGrain<ICapAlertGrain>(id).Read())))
            {
                if (warning is null) continue;
                if (found.Count == limit) return new CapPage(found.ToImmutable(), found[^1].Id);
                found.Add(warning);
            }
        }

        return new CapPage(found.ToImmutable(), null);
    }
}
