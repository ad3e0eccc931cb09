using System.Security.Cryptography;
using Sos.Contracts.Privacy;

namespace Sos.Grains.Privacy;

/// <summary>A data key in memory, and how it is stored: wrapped. Never changed once made.</summary>
/// <param name="Secret">The 32 bytes that encrypt.</param>
/// <param name="Generation">0 for an owner's first key; every key that takes the place of a destroyed one has the next number.</param>
/// <param name="WrappedBy">Id of the key-encryption key.</param>
/// <param name="Wrapped">The key as it is stored.</param>
internal sealed record DataKey(byte[] Secret, byte Generation, uint WrappedBy, byte[] Wrapped)
{
    /// <summary>A new key of a record.</summary>
    public static DataKey Make(IKeyEncryption encryption, RecordIdentity owner, byte generation) =>
        Wrap(encryption, owner, generation, RandomNumberGenerator.GetBytes(IKeyEncryption.DataKeyBytes));

    /// <summary>The same key, wrapped by the key-encryption key that wraps now.</summary>
    public DataKey Rewrap(IKeyEncryption encryption, RecordIdentity owner) => Wrap(encryption, owner, Generation, Secret);

    /// <summary>The key of an envelope; null when it cannot be unwrapped.</summary>
    public static DataKey? Unwrap(IKeyEncryption encryption, RecordIdentity owner, RecordEnvelope envelope)
    {
        var secret = new byte[IKeyEncryption.DataKeyBytes];
        return encryption.TryUnwrap(envelope.WrappedBy, envelope.Wrapped.Span, owner.KeyContext(envelope.Generation), secret)
            ? new DataKey(secret, envelope.Generation, envelope.WrappedBy, envelope.Wrapped.ToArray())
            : null;
    }

    private static DataKey Wrap(IKeyEncryption encryption, RecordIdentity owner, byte generation, byte[] secret)
    {
        var wrapped = new byte[IKeyEncryption.WrappedBytes];
        var by = encryption.Wrap(secret, owner.KeyContext(generation), wrapped);
        return new DataKey(secret, generation, by, wrapped);
    }
}
