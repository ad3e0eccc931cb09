using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Sos.Contracts.Privacy;

namespace Sos.Grains.Privacy;

/// <summary>
/// A record as it is stored (docs/decisions/0010). Numbers are big-endian.
/// <code>
/// 0x9D  version (1)  kind of key (1)  generation of the key (1)
/// kind 0 only: id of the key-encryption key (4), the record's own data key wrapped by it (60)
/// nonce (12), encrypted state, tag (16): AES-256-GCM, associated data: see <see cref="RecordIdentity"/>
/// </code>
/// </summary>
internal readonly struct RecordEnvelope
{
    /// <summary>Version of the format.</summary>
    public const byte Version = 1;

    /// <summary>No JSON and no UTF-8 text begins with it.</summary>
    private const byte Mark = 0x9D;

    private const int HeadBytes = 4;
    private const int OwnKeyBytes = sizeof(uint) + IKeyEncryption.WrappedBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly ReadOnlyMemory<byte> _bytes;

    private RecordEnvelope(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>Where the data key of a record lies.</summary>
    public enum KeyKind : byte
    {
        /// <summary>In the record itself, wrapped.</summary>
        Own = 0,

        /// <summary>In the record of its owner (<see cref="DataKeyOwner"/>).</summary>
        OfOwner = 1,
    }

    /// <summary>Where the key lies.</summary>
    public KeyKind Kind => (KeyKind)_bytes.Span[2];

    /// <summary>Which of the owner's keys it is.</summary>
    public byte Generation => _bytes.Span[3];

    /// <summary>Id of the key-encryption key; for <see cref="KeyKind.Own"/>.</summary>
    public uint WrappedBy => BinaryPrimitives.ReadUInt32BigEndian(_bytes.Span[HeadBytes..]);

    /// <summary>The wrapped data key; for <see cref="KeyKind.Own"/>.</summary>
    public ReadOnlyMemory<byte> Wrapped => _bytes.Slice(HeadBytes + sizeof(uint), IKeyEncryption.WrappedBytes);

    /// <summary>Bytes of the state.</summary>
    public int PlainBytes => Body.Length - NonceBytes - TagBytes;

    private ReadOnlySpan<byte> Body => _bytes.Span[(Kind == KeyKind.Own ? HeadBytes + OwnKeyBytes : HeadBytes)..];

    /// <summary>Reads an envelope; false for anything else.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out RecordEnvelope? envelope)
    {
        envelope = null;
        var span = bytes.Span;
        if (span.Length < HeadBytes + NonceBytes + TagBytes || span[0] != Mark || span[1] != Version || span[2] > (byte)KeyKind.OfOwner) return false;
        if (span[2] == (byte)KeyKind.Own && span.Length < HeadBytes + OwnKeyBytes + NonceBytes + TagBytes) return false;
        envelope = new RecordEnvelope(bytes);
        return true;
    }

    /// <summary>Seals a state.</summary>
    public static byte[] Seal(DataKey key, KeyKind kind, RecordIdentity identity, ReadOnlySpan<byte> plain)
    {
        var head = kind == KeyKind.Own ? HeadBytes + OwnKeyBytes : HeadBytes;
        var bytes = GC.AllocateUninitializedArray<byte>(head + NonceBytes + plain.Length + TagBytes);
        WriteHead(bytes, key, kind);
        var nonce = bytes.AsSpan(head, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.Secret, TagBytes);
        cipher.Encrypt(nonce, plain, bytes.AsSpan(head + NonceBytes, plain.Length), bytes.AsSpan(bytes.Length - TagBytes), identity.BodyContext(kind, key.Generation));
        return bytes;
    }

    /// <summary>Opens the state; false when it was changed, or is another record's.</summary>
    public bool TryOpen(DataKey key, RecordIdentity identity, Span<byte> plain)
    {
        var body = Body;
        using var cipher = new AesGcm(key.Secret, TagBytes);
        try
        {
            cipher.Decrypt(body[..NonceBytes], body[NonceBytes..^TagBytes], body[^TagBytes..], plain, identity.BodyContext(Kind, Generation));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>The same record with its key wrapped anew; its content stays as it is.</summary>
    public byte[] With(DataKey rewrapped)
    {
        var bytes = _bytes.ToArray();
        WriteHead(bytes, rewrapped, KeyKind.Own);
        return bytes;
    }

    private static void WriteHead(Span<byte> bytes, DataKey key, KeyKind kind)
    {
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (Mark, Version, (byte)kind, key.Generation);
        if (kind != KeyKind.Own) return;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[HeadBytes..], key.WrappedBy);
        key.Wrapped.CopyTo(bytes[(HeadBytes + sizeof(uint))..]);
    }
}
