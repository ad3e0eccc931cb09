using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Sos.Runtime.Tests.Claims;

/// <summary>A storage provider whose reads find nothing and whose writes fail as a disk does.</summary>
public sealed class FailingStorage : IGrainStorage
{
    public const string Name = "failing";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.FromException(new IOException("The disk is full."));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.FromException(new IOException("The disk is full."));
}
