using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Contracts.Privacy;
using Sos.Grains.State;

namespace Sos.Grains.Privacy;

/// <summary>
/// Encryption at rest: a storage provider around another one that seals every state before it is stored and opens it after it was read, on
/// every runtime alike. Grains know nothing of it, and neither does the provider inside. Keys: docs/decisions/0010.
/// </summary>
internal sealed class SealedGrainStorage(IGrainStorage inner, OwnerKeys owners, IKeyEncryption encryption) : IGrainStorage
{
    [ThreadStatic] private static ArrayBufferWriter<byte>? _buffer;
    [ThreadStatic] private static Utf8JsonWriter? _writer;

    // One for each state of each activation, gone with it.
    private readonly ConditionalWeakTable<object, RecordSeal> _seals = new();

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = new GrainState<SealedRecord>(new SealedRecord());
        await inner.ReadStateAsync(stateName, grainId, record);
        _seals.Remove(grainState);
        if (!record.RecordExists)
        {
            Reset(grainState, record);
            return;
        }

        var (seal, envelope) = await Open(stateName, grainId, record.State!.Bytes);
        grainState.State = seal.Key is null ? Activator.CreateInstance<T>() : Content<T>(stateName, grainId, seal, envelope);
        grainState.ETag = record.ETag;
        grainState.RecordExists = true;
        _seals.AddOrUpdate(grainState, seal);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!_seals.TryGetValue(grainState, out var seal))
        {
            seal = grainState.RecordExists ? await Stored(stateName, grainId) : await First(stateName, grainId);
            _seals.AddOrUpdate(grainState, seal);
        }

        var key = seal.KeyFor(grainState.State, encryption);
        var record = new GrainState<SealedRecord>(new SealedRecord { Bytes = Bytes(key, seal, grainState.State) }, grainState.ETag) { RecordExists = grainState.RecordExists };
        try
        {
            await inner.WriteStateAsync(stateName, grainId, record);
            seal.Stored(key);
        }
        finally
        {
            // Also after a failure: some providers answer with what they found.
            (grainState.ETag, grainState.RecordExists) = (record.ETag, record.RecordExists);
        }
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = new GrainState<SealedRecord>(new SealedRecord(), grainState.ETag) { RecordExists = grainState.RecordExists };
        await inner.ClearStateAsync(stateName, grainId, record);
        _seals.Remove(grainState);
        Reset(grainState, record);
    }

    private static void Reset<T>(IGrainState<T> grainState, GrainState<SealedRecord> record)
    {
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = record.ETag;
        grainState.RecordExists = false;
    }

    private static byte[] Bytes<T>(DataKey key, RecordSeal seal, T state)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        var writer = _writer ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = SosStateSerializer.Encoder });
        try
        {
            SosStateSerializer.Serialize(writer, state);
            writer.Flush();
            return RecordEnvelope.Seal(key, seal.Kind, seal.Identity, buffer.WrittenSpan);
        }
        finally
        {
            writer.Reset();
            // Zeroes what was written: people's data does not lie about in memory.
            buffer.Clear();
        }
    }

    private static T Content<T>(string stateName, GrainId grainId, RecordSeal seal, RecordEnvelope envelope)
    {
        var plain = ArrayPool<byte>.Shared.Rent(envelope.PlainBytes);
        try
        {
            var content = plain.AsSpan(0, envelope.PlainBytes);
            return envelope.TryOpen(seal.Key!, seal.Identity, content) ? SosStateSerializer.Deserialize<T>(content) : throw new SealedRecordException(stateName, grainId.Type);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private async Task<RecordSeal> Stored(string stateName, GrainId grainId)
    {
        var record = new GrainState<SealedRecord>(new SealedRecord());
        await inner.ReadStateAsync(stateName, grainId, record);
        return record.RecordExists ? (await Open(stateName, grainId, record.State!.Bytes)).Seal : await First(stateName, grainId);
    }

    private async Task<(RecordSeal Seal, RecordEnvelope Envelope)> Open(string stateName, GrainId grainId, ReadOnlyMemory<byte> bytes)
    {
        if (!RecordEnvelope.TryRead(bytes, out var found))
            throw new SealedRecordException(stateName, grainId.Type, "it is not encrypted, and a record that is not was not written by this service");
        var (envelope, identity) = (found.Value, RecordIdentity.Of(stateName, grainId));
        if (envelope.Kind == RecordEnvelope.KeyKind.Own)
        {
            var own = DataKey.Unwrap(encryption, identity, envelope) ?? throw new SealedRecordException(stateName, grainId.Type);
            return (new RecordSeal(identity, envelope.Kind, own), envelope);
        }

        var owner = DataKeyOwner.Of(grainId) ?? throw new SealedRecordException(stateName, grainId.Type);
        var key = await owners.Read(owner);
        // Another generation: the key that opened this record is gone for good. There is a record to be cleared, and nothing to be read.
        return (new RecordSeal(identity, envelope.Kind, key?.Generation == envelope.Generation ? key : null), envelope);
    }

    private async Task<RecordSeal> First(string stateName, GrainId grainId)
    {
        var identity = RecordIdentity.Of(stateName, grainId);
        if (DataKeyOwner.Of(grainId) is { } owner && await owners.Read(owner) is { } key) return new RecordSeal(identity, RecordEnvelope.KeyKind.OfOwner, key);
        return new RecordSeal(identity, RecordEnvelope.KeyKind.Own, DataKey.Make(encryption, identity, 0));
    }
}
