using Orleans.Runtime;
using Sos.Contracts.Privacy;

namespace Sos.Grains.Privacy;

/// <summary>Wraps the data keys of stored records with the newest key-encryption key. What they encrypt stays as it is.</summary>
public static class KeyRotation
{
    /// <summary>The record with its key wrapped anew; null when there is nothing to do: it has no key of its own, or the newest wraps it.</summary>
    /// <param name="encryption">Knows the old key and the new one.</param>
    /// <param name="stateName">Name of the state.</param>
    /// <param name="grain">The grain.</param>
    /// <param name="stored">The record as it is stored.</param>
    /// <exception cref="InvalidDataException">The record is not sealed, or its key cannot be unwrapped.</exception>
    public static byte[]? Rewrap(IKeyEncryption encryption, string stateName, GrainId grain, ReadOnlyMemory<byte> stored)
    {
        ArgumentNullException.ThrowIfNull(encryption);
        if (!RecordEnvelope.TryRead(stored, out var found)) throw new InvalidDataException($"A state {stateName} of a grain {grain.Type} is not encrypted.");
        var envelope = found.Value;
        if (envelope.Kind != RecordEnvelope.KeyKind.Own || envelope.WrappedBy == encryption.CurrentKey) return null;
        var identity = RecordIdentity.Of(stateName, grain);
        var key = DataKey.Unwrap(encryption, identity, envelope)
            ?? throw new InvalidDataException($"The key of a state {stateName} of a grain {grain.Type} cannot be unwrapped: the key that wraps it is missing, or the record was changed.");
        return envelope.With(key.Rewrap(encryption, identity));
    }
}
