using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>A page of warnings.</summary>
/// <param name="Warnings">The newest first.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
public sealed record CapPage(ImmutableArray<CapAlertView> Warnings, Guid? Next);

/// <summary>
/// Takes messages in: reads them, decides what they mean, makes their zones and ends what they end. The new zones come before the old ones go. Broken off anywhere, the same message
/// again makes the rest, and the warning's own reminder ends what it was to end.
/// </summary>
public sealed class CapIntake(IGrainFactory grains, TimeProvider time, IOptions<CapOptions> options)
{
    private const int AtOnce = 32;

    /// <summary>How much of a message is read.</summary>
    public CapLimits Limits { get; } = new();

    /// <summary>Reads a message and decides what it means; nothing is done yet.</summary>
    /// <param name="message">The file.</param>
    /// <param name="origin">How it came.</param>
    public CapDecision Read(ReadOnlySpan<byte> message, string origin) => CapRules.Decide(CapReader.Read(message, Limits), origin, time.GetUtcNow(), options.Value);

    /// <summary>Does what a warning asks for.</summary>
    public async Task<CapTaken> Take(CapWarning warning)
    {
        var key = CapKeys.Of(warning.Name);
        var alert = grains.GetGrain<ICapAlertGrain>(key);
        var taken = await alert.Take(warning);
        if (taken == CapTaken.Full) return taken;
        var end = new CapEnd(warning.Type == CapMessageType.Cancel ? CapEndKind.Cancelled : CapEndKind.Replaced, key);
        foreach (var reference in warning.References) await grains.GetGrain<ICapAlertGrain>(CapKeys.Of(reference)).End(end);
        await alert.Complete();
        return taken;
    }

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
