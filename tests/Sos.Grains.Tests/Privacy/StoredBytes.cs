using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Contracts.Privacy;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Privacy;

/// <summary>A provider that keeps bytes in memory, for looking at and changing.</summary>
internal sealed class StoredBytes : IGrainStorage
{
    private readonly Dictionary<(string Name, GrainId Grain), byte[]> _records = [];
    private readonly SosStateSerializer _codec = new();

    public byte[] this[string name, GrainId grain]
    {
        get => _records[(name, grain)];
        set => _records[(name, grain)] = value;
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.RecordExists = _records.TryGetValue((stateName, grainId), out var bytes);
        if (grainState.RecordExists) (grainState.State, grainState.ETag) = (_codec.Deserialize<T>(new BinaryData(bytes!)), "1");
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _records[(stateName, grainId)] = _codec.Serialize(grainState.State).ToArray();
        (grainState.ETag, grainState.RecordExists) = ("1", true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _records.Remove((stateName, grainId));
        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }
}

/// <summary>Counts what is asked of a ring.</summary>
internal sealed class CountingKeys(IKeyEncryption ring) : IKeyEncryption
{
    public int Wraps { get; private set; }

    public int Unwraps { get; private set; }

    public uint CurrentKey => ring.CurrentKey;

    public uint Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> identity, Span<byte> wrapped)
    {
        Wraps++;
        return ring.Wrap(dataKey, identity, wrapped);
    }

    public bool TryUnwrap(uint key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> identity, Span<byte> dataKey)
    {
        Unwraps++;
        return ring.TryUnwrap(key, wrapped, identity, dataKey);
    }
}
