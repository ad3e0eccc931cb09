using Orleans;
using Orleans.Storage;
using Sos.Contracts.Privacy;
using Sos.Grains.State;

namespace Sos.Grains.Privacy;

/// <summary>Reads the data keys of owners from their records.</summary>
/// <param name="records">The provider that holds the owners, as it stores them.</param>
/// <param name="encryption">Unwraps.</param>
internal sealed class OwnerKeys(IGrainStorage records, IKeyEncryption encryption)
{
    /// <summary>The owner's present key; null when there is no such record.</summary>
    /// <exception cref="SealedRecordException">The owner's record cannot be read.</exception>
    public async Task<DataKey?> Read(DataKeyOwner owner)
    {
        var record = new GrainState<SealedRecord>(new SealedRecord());
        await records.ReadStateAsync(owner.StateName, owner.Grain, record);
        if (!record.RecordExists) return null;
        return RecordEnvelope.TryRead(record.State!.Bytes, out var envelope)
            && DataKey.Unwrap(encryption, RecordIdentity.Of(owner.StateName, owner.Grain), envelope.Value) is { } key
            ? key
            : throw new SealedRecordException(owner.StateName, owner.Grain.Type);
    }
}
