using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sos.Grains.Privacy;

/// <summary>
/// A file of an alert as it is stored (docs/decisions/0014): <c>version (1), salt (32)</c>, then chunks of 64 KiB and a shorter or empty last one, each
/// followed by its tag (16). AES-256-GCM under a key derived from the alert's data key (HKDF-SHA-256 with the salt, for this alert and attachment),
/// nonce = number of the chunk and whether it is the last: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015). A chunk that
/// was changed, swapped, left out or brought from another file does not open, nor does a file cut between chunks. With the alert's key everything ends.
/// </summary>
internal sealed class FileSeal : IDisposable
{
    /// <summary>Bytes of a chunk before its tag.</summary>
    public const int ChunkBytes = 64 * 1024;

    /// <summary>Bytes of a tag.</summary>
    public const int TagBytes = 16;

    /// <summary>Bytes before the first chunk.</summary>
    public const int HeadBytes = 1 + SaltBytes;

    private const byte Version = 1;
    private const int SaltBytes = 32;
    private const int IdBytes = 16;

    private readonly AesGcm _cipher;
    private readonly byte[] _context = new byte[2 * IdBytes + sizeof(uint) + 1];
    private uint _chunk;

    private FileSeal(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> salt, Guid alert, Guid attachment)
    {
        Write(_context, alert, attachment);
        Span<byte> secret = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, secret, salt, [.. "sos/attachment/1"u8, .. _context.AsSpan(0, 2 * IdBytes)]);
        _cipher = new AesGcm(secret, TagBytes);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Begins a new file; answers its head.</summary>
    public static (FileSeal Seal, byte[] Head) Begin(ReadOnlySpan<byte> dataKey, Guid alert, Guid attachment)
    {
        var head = new byte[HeadBytes];
        head[0] = Version;
        RandomNumberGenerator.Fill(head.AsSpan(1));
        return (new FileSeal(dataKey, head.AsSpan(1), alert, attachment), head);
    }

    /// <summary>Begins to read a file; null when its head is none.</summary>
    public static FileSeal? Open(ReadOnlySpan<byte> head, ReadOnlySpan<byte> dataKey, Guid alert, Guid attachment) =>
        head.Length == HeadBytes && head[0] == Version ? new FileSeal(dataKey, head[1..], alert, attachment) : null;

    /// <summary>Seals the next chunk; the tag is behind it.</summary>
    /// <param name="plain">Up to 64 KiB; just as many unless it is the last.</param>
    /// <param name="last">Nothing follows.</param>
    /// <param name="stored">Takes as many bytes and a tag.</param>
    public void Seal(ReadOnlySpan<byte> plain, bool last, Span<byte> stored)
    {
        Span<byte> nonce = stackalloc byte[12];
        Next(nonce, last);
        _cipher.Encrypt(nonce, plain, stored[..plain.Length], stored.Slice(plain.Length, TagBytes), _context);
    }

    /// <summary>Opens the next chunk; false when it is not what was written there.</summary>
    /// <param name="stored">The chunk and its tag.</param>
    /// <param name="last">Nothing follows.</param>
    /// <param name="plain">Takes the chunk.</param>
    public bool TryOpen(ReadOnlySpan<byte> stored, bool last, Span<byte> plain)
    {
        if (stored.Length < TagBytes) return false;
        Span<byte> nonce = stackalloc byte[12];
        Next(nonce, last);
        try
        {
            _cipher.Decrypt(nonce, stored[..^TagBytes], stored[^TagBytes..], plain[..(stored.Length - TagBytes)], _context);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    private static void Write(Span<byte> context, Guid alert, Guid attachment)
    {
        alert.TryWriteBytes(context, bigEndian: true, out _);
        attachment.TryWriteBytes(context[IdBytes..], bigEndian: true, out _);
    }

    private void Next(Span<byte> nonce, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce, _chunk);
        nonce[^1] = last ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(_context.AsSpan(2 * IdBytes), _chunk);
        _context[^1] = nonce[^1];
        checked
        {
            _chunk++;
        }
    }
}
