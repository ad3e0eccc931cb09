using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Sos.TestKit;

/// <summary>Stores states for a silo of Microsoft Orleans in memory that outlives it.</summary>
internal sealed class SharedGrainStorage(string name, SharedGrainStorage.Records records, IGrainStorageSerializer serializer, RunClock run) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (records.Find(Key(stateName, grainId)) is { } found)
        {
            grainState.State = serializer.Deserialize<T>(found.Data)!;
            grainState.ETag = found.ETag;
            grainState.RecordExists = true;
        }
        else
        {
            Reset(grainState);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ThrowIfCrashed();
        grainState.ETag = records.Put(Key(stateName, grainId), serializer.Serialize(grainState.State), grainState.ETag);
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ThrowIfCrashed();
        records.Remove(Key(stateName, grainId), grainState.ETag);
        Reset(grainState);
        return Task.CompletedTask;
    }

    private static void Reset<T>(IGrainState<T> state)
    {
        state.State = typeof(T).GetConstructor(Type.EmptyTypes) is null ? state.State : Activator.CreateInstance<T>();
        state.ETag = null;
        state.RecordExists = false;
    }

    private void ThrowIfCrashed()
    {
        if (run.IsCut) throw new InvalidOperationException("This silo has crashed.");
    }

    private string Key(string stateName, GrainId grainId) => $"{name}/{grainId}/{stateName}";

    internal sealed class Records
    {
        private readonly ConcurrentDictionary<string, Record> _records = new();
        private long _version;

        public Record? Find(string key) => _records.GetValueOrDefault(key);

        public string Put(string key, BinaryData data, string? expected)
        {
            var next = new Record(data, Interlocked.Increment(ref _version).ToString(System.Globalization.CultureInfo.InvariantCulture));
            var stored = _records.GetValueOrDefault(key);
            var taken = expected is null ? _records.TryAdd(key, next) : stored?.ETag == expected && _records.TryUpdate(key, next, stored);
            return taken ? next.ETag : throw new InconsistentStateException("The record has changed.", stored?.ETag, expected);
        }

        public void Remove(string key, string? expected)
        {
            var stored = _records.GetValueOrDefault(key);
            if (stored is null && expected is null) return;
            if (stored?.ETag != expected || !_records.TryRemove(KeyValuePair.Create(key, stored!))) throw new InconsistentStateException("The record has changed.", stored?.ETag, expected);
        }
    }

    internal sealed record Record(BinaryData Data, string ETag);
}
