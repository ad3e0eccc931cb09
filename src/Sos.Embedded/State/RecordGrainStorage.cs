using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Embedded.Storage;

namespace Sos.Embedded.State;

/// <summary>A storage provider over the record store: one record per state, kind "grain type/state name", key the grain's key.</summary>
internal sealed class RecordGrainStorage(IRecordStore store, IGrainStorageSerializer serializer, IOptions<RecordLaneOptions> lanes) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = await store.Read(KeyOf(stateName, grainId));
        if (record is null)
        {
            Reset(grainState);
            return;
        }

        grainState.State = serializer.Deserialize<T>(new BinaryData(record.Data))!;
        grainState.ETag = Text(record.Version);
        grainState.RecordExists = true;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var expected = Version(grainState.ETag);
        var data = serializer.Serialize(grainState.State).ToMemory();
        try
        {
            var lane = lanes.Value.OfState(grainId.Type.ToString(), exists: expected != 0);
            grainState.ETag = Text(await store.Write(KeyOf(stateName, grainId), data, expected, lane));
            grainState.RecordExists = true;
        }
        catch (StaleRecordException stale)
        {
            throw Inconsistent(grainState, stale);
        }
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = KeyOf(stateName, grainId);
        var expected = Version(grainState.ETag);
        try
        {
            if (expected != 0) await store.Delete(key, expected, WriteLane.Ordinary);
            else if (await store.Read(key) is not null) throw new StaleRecordException(key, 0);
            Reset(grainState);
        }
        catch (StaleRecordException stale)
        {
            throw Inconsistent(grainState, stale);
        }
    }

    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = EmptyState<T>.Create();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static InconsistentStateException Inconsistent<T>(IGrainState<T> grainState, StaleRecordException stale)
        => new("The stored state is newer than the one in memory.", storedEtag: null, currentEtag: grainState.ETag, stale);

    private static RecordKey KeyOf(string stateName, GrainId grainId) => new($"{grainId.Type}/{stateName}", grainId.Key.ToString());

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static long Version(string? etag) => etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);
}
