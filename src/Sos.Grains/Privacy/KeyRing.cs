using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Sos.Contracts.Privacy;

namespace Sos.Grains.Privacy;

/// <summary>
/// Key-encryption keys held in memory, AES-256-GCM: the newest wraps, all of them unwrap. A key's id is the start of its SHA-256, so that a
/// file with another content under the same name is another key.
/// </summary>
public sealed class KeyRing : IKeyEncryption
{
    /// <summary>Bytes of a key-encryption key.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly ImmutableArray<(uint Id, byte[] Key)> _keys;

    /// <summary>Makes a ring.</summary>
    /// <param name="keys">At least one key of 32 bytes; the last one wraps.</param>
    /// <exception cref="ArgumentException">There is none, or one has another length.</exception>
    public KeyRing(IEnumerable<byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _keys = [.. keys.Select(key => (IdOf(key), key))];
        if (_keys.IsEmpty) throw new ArgumentException("A ring needs a key.", nameof(keys));
    }

    /// <inheritdoc/>
    public uint CurrentKey => _keys[^1].Id;

    /// <summary>The id of a key-encryption key.</summary>
    /// <exception cref="ArgumentException">It has not 32 bytes.</exception>
    public static uint IdOf(byte[] key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length != KeyBytes) throw new ArgumentException($"A key-encryption key has {KeyBytes} bytes.", nameof(key));
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(key));
    }

    /// <summary>Whether a key is in the ring.</summary>
    /// <param name="key">Its id.</param>
    public bool Knows(uint key) => _keys.Any(known => known.Id == key);

    /// <inheritdoc/>
    public uint Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> identity, Span<byte> wrapped)
    {
        var (id, key) = _keys[^1];
        var nonce = wrapped[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, dataKey, wrapped.Slice(NonceBytes, dataKey.Length), wrapped.Slice(NonceBytes + dataKey.Length, TagBytes), identity);
        return id;
    }

    /// <inheritdoc/>
    public bool TryUnwrap(uint key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> identity, Span<byte> dataKey)
    {
        foreach (var (id, bytes) in _keys)
        {
            if (id != key) continue;
            using var cipher = new AesGcm(bytes, TagBytes);
            try
            {
                cipher.Decrypt(wrapped[..NonceBytes], wrapped.Slice(NonceBytes, dataKey.Length), wrapped.Slice(NonceBytes + dataKey.Length, TagBytes), dataKey, identity);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        return false;
    }
}
