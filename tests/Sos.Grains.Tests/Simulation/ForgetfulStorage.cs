using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Sos.Grains.Tests.Simulation;

/// <summary>A planted bug: every tenth write is answered and never made.</summary>
internal sealed class ForgetfulStorage(IGrainStorage real) : IGrainStorage
{
    private int _writes;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => real.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ++_writes % 10 == 0 ? Task.CompletedTask : real.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => real.ClearStateAsync(stateName, grainId, grainState);
}
