using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace Sos.TestKit;

/// <summary>How writes of a <see cref="FaultyStorage"/> go.</summary>
public enum WriteFault
{
    /// <summary>As they should.</summary>
    None,

    /// <summary>Nothing is stored and the caller learns it.</summary>
    Refused,

    /// <summary>All is stored and the caller is told otherwise.</summary>
    AnswerLost,
}

/// <summary>The storage under a provider's name, whose writes fail while a test wants them to.</summary>
public sealed class FaultyStorage(IGrainStorage inner) : IGrainStorage
{
    /// <summary>How writes go from now on.</summary>
    public WriteFault Fault { get; set; }

    /// <summary>The grain type that they concern; null: all.</summary>
    public string? Only { get; set; }

    /// <summary>Puts one around the provider of that name; last, when the provider is there.</summary>
    public static void AddTo(ISiloBuilder silo, string name) => AddTo(silo.Services, name);

    /// <summary>As above, for one grain type where one is given.</summary>
    public static void AddTo(IServiceCollection services, string name, string? only = null)
    {
        var provider = services.Last(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, name));
        services.AddSingleton(given => new FaultyStorage((IGrainStorage)provider.KeyedImplementationFactory!(given, name)) { Only = only });
        services.AddKeyedSingleton<IGrainStorage>(name, static (given, _) => given.GetRequiredService<FaultyStorage>());
    }

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var fault = Only is null || grainId.Type.ToString() == Only ? Fault : WriteFault.None;
        if (fault == WriteFault.Refused) throw new IOException("The disk refuses.");
        var (version, exists) = (grainState.ETag, grainState.RecordExists);
        await inner.WriteStateAsync(stateName, grainId, grainState);
        if (fault != WriteFault.AnswerLost) return;

        // The new version was in the answer.
        (grainState.ETag, grainState.RecordExists) = (version, exists);
        throw new IOException("The answer of the disk was lost.");
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
