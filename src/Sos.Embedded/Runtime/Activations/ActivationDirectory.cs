using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.Activations;

/// <summary>Which activation is the one of a grain. In one process that is a dictionary: there is never a second.</summary>
internal sealed class ActivationDirectory(Silo silo)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The activation of a grain, made if there is none. It begins to activate when the first call is queued.</summary>
    public Activation Locate(GrainId grainId)
    {
        if (_activations.TryGetValue(grainId, out var present)) return present;

        var made = new Activation(silo, silo.Classes.Of(grainId.Type), grainId);
        var kept = _activations.GetOrAdd(grainId, made);
        if (ReferenceEquals(kept, made)) Interlocked.Increment(ref _count);
        return kept;
    }

    public void Remove(Activation activation)
    {
        if (_activations.TryRemove(new(activation.GrainId, activation))) Interlocked.Decrement(ref _count);
    }

    /// <summary>The activations there are, in the order of their ids, which does not depend on hashing.</summary>
    public Activation[] Snapshot() => [.. _activations.Values.OrderBy(activation => activation.GrainId)];

    /// <summary>The activations there are, in no order.</summary>
    public IEnumerable<Activation> All => _activations.Select(entry => entry.Value);
}
