using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sos.Server.Identity;

namespace Sos.Server.Hosting.Transfer;

/// <summary>
/// How a backup is encrypted: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) with AES-256-GCM, so that a piece that was changed, moved, left out or cut off is
/// found where it is read, and nothing larger than a piece is in memory.
/// <code>
/// file  := header piece*
/// header := "SOSBAK" version (1 byte) logN (1 byte) salt (16 bytes)
/// piece := ciphertext of 65,536 bytes, of fewer in the last one, and tag (16 bytes)
/// key   := scrypt(passphrase, salt, N = 2^logN, r = 8, p = 1), 32 bytes
/// nonce := 7 zero bytes, number of the piece (32 bits, big-endian), 1 for the last piece and else 0; associated data := header
/// </code>
/// </summary>
internal sealed class BackupCipher : IDisposable
{
    /// <summary>Bytes of a piece before it is encrypted.</summary>
    public const int PieceBytes = 64 * 1024;

    /// <summary>Bytes of a tag.</summary>
    public const int TagBytes = 16;

    private const byte Version = 1;
    private const byte LogN = 15;
    private const byte MostLogN = 18;
    private const int SaltBytes = 16;
    private static readonly byte[] Magic = "SOSBAK"u8.ToArray();

    private readonly byte[] _header;
    private readonly AesGcm _cipher;
    private uint _number;

    private BackupCipher(byte[] header, string passphrase)
    {
        _header = header;
        var key = Scrypt.Derive(Encoding.UTF8.GetBytes(passphrase), header.AsSpan(Magic.Length + 2), header[Magic.Length + 1], r: 8, p: 1, length: 32);
        _cipher = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Begins a file.</summary>
    public static async Task<BackupCipher> Begin(Stream output, string passphrase)
    {
        byte[] header = [.. Magic, Version, LogN, .. RandomNumberGenerator.GetBytes(SaltBytes)];
        await output.WriteAsync(header);
        return new BackupCipher(header, passphrase);
    }

    /// <summary>Reads the beginning of a file.</summary>
    /// <exception cref="StartupException">It is no backup, or one of a newer version.</exception>
    public static async Task<BackupCipher> Open(Stream input, string passphrase, string file)
    {
        var header = new byte[Magic.Length + 2 + SaltBytes];
        if (await input.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.AsSpan().StartsWith(Magic))
            throw new StartupException($"'{file}' is not a backup of this service.");
        if (header[Magic.Length] > Version) throw new StartupException($"'{file}' is a backup that a newer version of the service wrote; restore it with that one.");
        // Whoever changes it may not make the machine reckon for ever; a changed one fits no passphrase anyway.
        if (header[Magic.Length + 1] is 0 or > MostLogN) throw new StartupException($"'{file}' is damaged in its first line; take another copy.");
        return new BackupCipher(header, passphrase);
    }

    /// <summary>Encrypts the next piece.</summary>
    /// <param name="plain">The piece.</param>
    /// <param name="last">No other follows.</param>
    /// <param name="sealedPiece">Takes as many bytes and a tag.</param>
    public void Seal(ReadOnlySpan<byte> plain, bool last, Span<byte> sealedPiece)
    {
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, last);
        _cipher.Encrypt(nonce, plain, sealedPiece[..plain.Length], sealedPiece.Slice(plain.Length, TagBytes), _header);
    }

    /// <summary>Decrypts the next piece; false when it is not the one that belongs here, or the passphrase is another.</summary>
    public bool TryOpen(ReadOnlySpan<byte> sealedPiece, bool last, Span<byte> plain)
    {
        if (sealedPiece.Length < TagBytes) return false;
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, last);
        try
        {
            _cipher.Decrypt(nonce, sealedPiece[..^TagBytes], sealedPiece[^TagBytes..], plain, _header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>Goes back to the first piece of a file that was read before.</summary>
    public void Rewind(Stream input)
    {
        input.Position = _header.Length;
        _number = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    private void Nonce(Span<byte> nonce, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[7..], checked(_number++));
        nonce[11] = last ? (byte)1 : (byte)0;
    }
}
