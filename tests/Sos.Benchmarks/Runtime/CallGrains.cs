using Orleans;
using Orleans.Runtime;

namespace Sos.Benchmarks.Runtime;

/// <summary>What is called: the same small work for the grain and for the peer.</summary>
[GenerateSerializer, Immutable, Alias("sos.bench.Fix")]
public sealed record Fix([property: Id(0)] double Latitude, [property: Id(1)] double Longitude, [property: Id(2)] long Sequence);

/// <summary>Keeps the newest of the fixes it is told.</summary>
[Alias("sos.bench.ITracked")]
public interface ITrackedGrain : IGrainWithStringKey
{
    [Alias("Report")]
    Task<long> Report(Fix fix);
}

[GrainType("sos.bench.tracked")]
internal sealed class TrackedGrain : Grain, ITrackedGrain
{
    private Fix? _newest;

    public Task<long> Report(Fix fix)
    {
        if (_newest is null || fix.Sequence > _newest.Sequence) _newest = fix;
        return Task.FromResult(_newest.Sequence);
    }
}
