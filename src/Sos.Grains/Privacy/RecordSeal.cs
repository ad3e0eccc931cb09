using System.Security.Cryptography;
using Sos.Contracts.Privacy;

namespace Sos.Grains.Privacy;

/// <summary>What an activation keeps for one of its states, so that a write unwraps and looks up nothing.</summary>
/// <param name="identity">What the record is.</param>
/// <param name="kind">Where its key lies.</param>
/// <param name="key">The key; null when its owner's has been destroyed.</param>
internal sealed class RecordSeal(RecordIdentity identity, RecordEnvelope.KeyKind kind, DataKey? key)
{
    /// <summary>What the record is.</summary>
    public RecordIdentity Identity => identity;

    /// <summary>Where its key lies.</summary>
    public RecordEnvelope.KeyKind Kind => kind;

    /// <summary>The key that the stored record was sealed with.</summary>
    public DataKey? Key { get; private set; } = key;

    /// <summary>The key for the next write of a state: a new one where the state asks for it, the present one wrapped anew after a rotation.</summary>
    public DataKey KeyFor<T>(T state, IKeyEncryption encryption)
    {
        if (kind == RecordEnvelope.KeyKind.OfOwner || Key is null) return Key ?? throw new InvalidOperationException("The key of this record has been destroyed; nothing is written to it any more.");
        if (state is IOwnsDataKey { KeyGeneration: var generation } && generation != Key.Generation) return DataKey.Make(encryption, identity, generation);
        return Key.WrappedBy == encryption.CurrentKey ? Key : Key.Rewrap(encryption, identity);
    }

    /// <summary>The record is stored under a key; a key that it replaced is wiped.</summary>
    public void Stored(DataKey under)
    {
        if (Key is { } before && !ReferenceEquals(before.Secret, under.Secret)) CryptographicOperations.ZeroMemory(before.Secret);
        Key = under;
    }
}
