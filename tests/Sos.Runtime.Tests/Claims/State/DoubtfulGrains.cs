using Orleans;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.State;

/// <summary>A grain whose storage does as a test says, and that keeps a second record in storage that always works.</summary>
public interface IDoubtfulGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task<(int First, int Second)> Look();

    Task Set(int value);

    Task SetBoth(int value);
}

[GrainType("claims.doubtful")]
internal sealed class DoubtfulGrain(
    [PersistentState("first", "sos-large")] IPersistentState<Counter> first,
    [PersistentState("second", "sos")] IPersistentState<Counter> second) : Grain, IDoubtfulGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task<(int First, int Second)> Look() => Task.FromResult((first.State.Value, second.State.Value));

    public Task Set(int value)
    {
        second.State.Value = value;
        return second.WriteStateAsync();
    }

    public async Task SetBoth(int value)
    {
        first.State.Value = value;
        await first.WriteStateAsync();
        await Set(value);
    }
}
