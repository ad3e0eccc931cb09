using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Sos.Server.Hosting;

/// <summary>
/// Gives Orleans' ADO.NET storage the whole name of a grain as its key. By itself it files a state under the state's name and the key
/// alone, so that states of two grain types could meet in one row, and it reads a key of hexadecimal digits as a number and forgets how it
/// was written.
/// </summary>
internal sealed class PostgresGrainStorage(IGrainStorage inner) : IGrainStorage
{
    /// <summary>Name of the provider inside.</summary>
    public const string Inner = "sos-postgres";

    private const string AnyType = "sos";

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, Named(grainId), grainState);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.WriteStateAsync(stateName, Named(grainId), grainState);

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, Named(grainId), grainState);

    // A text with a slash in it is never taken for a number or a GUID.
    private static GrainId Named(GrainId grain) => GrainId.Create(AnyType, $"{grain.Type}/{grain.Key}");
}
