namespace Sos.Contracts.Privacy;

/// <summary>
/// Wraps the data keys of records with a key-encryption key that lies outside the store. A call never leaves the process: a press waits for
/// it. The embedded build takes the keys from files; Azure unwraps them once at start through Key Vault.
/// </summary>
public interface IKeyEncryption
{
    /// <summary>Bytes of a data key (AES-256).</summary>
    const int DataKeyBytes = 32;

    /// <summary>Bytes of a wrapped data key: nonce (12), the encrypted key (32), tag (16).</summary>
    const int WrappedBytes = 60;

    /// <summary>Id of the key-encryption key that wraps now.</summary>
    uint CurrentKey { get; }

    /// <summary>Wraps a data key under <see cref="CurrentKey"/>.</summary>
    /// <param name="dataKey">32 bytes.</param>
    /// <param name="identity">What the key belongs to; the same is needed to unwrap.</param>
    /// <param name="wrapped">Takes 60 bytes.</param>
    /// <returns>Id of the key-encryption key that was used.</returns>
    uint Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> identity, Span<byte> wrapped);

    /// <summary>Unwraps a data key; false when its key-encryption key is not known, or it was changed or belongs to something else.</summary>
    /// <param name="key">Id of the key-encryption key.</param>
    /// <param name="wrapped">60 bytes.</param>
    /// <param name="identity">What the key belongs to.</param>
    /// <param name="dataKey">Takes 32 bytes.</param>
    bool TryUnwrap(uint key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> identity, Span<byte> dataKey);
}
