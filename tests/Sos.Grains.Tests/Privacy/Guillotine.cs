using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Contracts.Operations;

namespace Sos.Grains.Tests.Privacy;

/// <summary>Falls at the n-th write from when it is armed; after it nothing is stored until it is lifted.</summary>
internal sealed class Guillotine
{
    private int _left = int.MaxValue;
    private bool _after;

    public bool HasFallen { get; private set; }

    public void Guard(IServiceCollection services)
    {
        foreach (var name in (string[])[StorageNames.Records, StorageNames.Large])
        {
            var provider = services.Last(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, name));
            services.AddKeyedSingleton<IGrainStorage>(name, (all, _) => new Guarded(this, (IGrainStorage)provider.KeyedImplementationFactory!(all, name)));
        }
    }

    public void KillAt(int n, bool after) => (_left, _after) = (n, after);

    public void Lift() => (_left, HasFallen) = (int.MaxValue, false);

    public async Task Change(Func<Task> write)
    {
        if (HasFallen) throw new IOException("Killed.");
        if (_left != int.MaxValue && Interlocked.Decrement(ref _left) == 0)
        {
            HasFallen = true;
            if (_after) await write();
            throw new IOException("Killed.");
        }

        await write();
    }
}

file sealed class Guarded(Guillotine guillotine, IGrainStorage inner) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => guillotine.Change(() => inner.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => guillotine.Change(() => inner.ClearStateAsync(stateName, grainId, grainState));
}
