using System.Security.Cryptography;
using Orleans.Runtime;
using Sos.Contracts.Privacy;
using Sos.Grains.State;

namespace Sos.Grains.Privacy;

/// <summary>Reads a stored state without a silo, for commands that check what is stored.</summary>
internal static class StoredRecord
{
    /// <summary>The state; null when it does not open: it was changed, is another grain's, or its key is missing.</summary>
    /// <param name="encryption">Unwraps.</param>
    /// <param name="stateName">Name of the state.</param>
    /// <param name="grain">The grain; only one whose states have keys of their own.</param>
    /// <param name="stored">As stored.</param>
    public static T? Open<T>(IKeyEncryption encryption, string stateName, GrainId grain, ReadOnlyMemory<byte> stored)
        where T : class
    {
        if (!RecordEnvelope.TryRead(stored, out var envelope) || envelope.Value.Kind != RecordEnvelope.KeyKind.Own) return null;
        var identity = RecordIdentity.Of(stateName, grain);
        if (DataKey.Unwrap(encryption, identity, envelope.Value) is not { } key) return null;
        var plain = new byte[envelope.Value.PlainBytes];
        try
        {
            return envelope.Value.TryOpen(key, identity, plain) ? SosStateSerializer.Deserialize<T>(plain) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
