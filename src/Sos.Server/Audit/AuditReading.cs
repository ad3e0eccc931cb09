using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Audit;

namespace Sos.Server.Audit;

/// <summary>Reads the audit across its chains.</summary>
internal sealed class AuditReading(IGrainFactory grains)
{
    /// <summary>Chains that are read at once by a check.</summary>
    private const int AtOnce = 16;

    /// <summary>Entries of a day, newest first.</summary>
    public async Task<AuditPage> Page(AuditCursor cursor, AuditFilter filter, int limit)
    {
        var chains = Enumerable.Range(0, AuditKeys.Shards).Select(shard => AuditKeys.Chain(cursor.Day, shard)).ToList();

        // One more than wanted: then it is known whether there is another page.
        var found = await Task.WhenAll(chains.Select((chain, shard) => grains.GetGrain<IAuditGrain>(chain).Page(filter, cursor.Below[shard], limit + 1)));
        var (next, below, items) = (new int[chains.Count], cursor.Below.ToArray(), ImmutableArray.CreateBuilder<AuditItem>());
        while (items.Count < limit && Newest(found, next) is { } shard)
        {
            var entry = found[shard][next[shard]++];
            below[shard] = entry.Seq;
            items.Add(AuditItem.Of(chains[shard], entry));
        }

        return new AuditPage(items.ToImmutable(), Newest(found, next) is null ? null : (cursor with { Below = below }).ToString());
    }

    /// <summary>Checks every chain of some days, and that each chain which is listed is there.</summary>
    public async Task<AuditReport> Check(DateOnly from, DateOnly to)
    {
        var chains = new SortedSet<string>(StringComparer.Ordinal);
        for (var day = from; day <= to; day = day.AddDays(1)) chains.UnionWith(Enumerable.Range(0, AuditKeys.Shards).Select(shard => AuditKeys.Chain(day, shard)));
        var listed = new HashSet<string>();
        foreach (var month in chains.Select(AuditKeys.IndexOf).Distinct().ToList()) listed.UnionWith(await grains.GetGrain<IAuditIndexGrain>(month).List());
        var verdicts = new AuditVerdict[chains.Count];
        await Parallel.ForEachAsync(chains.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (chain, _) =>
        {
            var verdict = await grains.GetGrain<IAuditGrain>(chain.Item).Verify();
            verdicts[chain.Index] = verdict.Entries == 0 && listed.Contains(chain.Item) ? Sos.Grains.Audit.AuditCheck.Missing(chain.Item) : verdict;
        });
        return AuditReport.Of(verdicts);
    }

    private static int? Newest(ImmutableArray<AuditEntry>[] found, int[] next)
    {
        int? newest = null;
        for (var shard = 0; shard < found.Length; shard++)
        {
            if (next[shard] < found[shard].Length && (newest is not { } other || found[shard][next[shard]].Draft.At > found[other][next[other]].Draft.At)) newest = shard;
        }

        return newest;
    }
}
