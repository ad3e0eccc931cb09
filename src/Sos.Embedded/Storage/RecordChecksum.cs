using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sos.Embedded.Storage;

/// <summary>
/// The first 64 bits of SHA-256 over kind, key, version and content. SQLite notices neither a flipped bit in a value nor a
/// value that lies under another key; this does.
/// </summary>
internal static class RecordChecksum
{
    public static long Compute(RecordKey key, long version, ReadOnlySpan<byte> data)
    {
        var kindBytes = Encoding.UTF8.GetByteCount(key.Kind);
        var keyBytes = Encoding.UTF8.GetByteCount(key.Key);
        var length = 16 + kindBytes + keyBytes + data.Length;
        var rented = length <= 4096 ? null : ArrayPool<byte>.Shared.Rent(length);
        var buffer = rented is null ? stackalloc byte[length] : rented.AsSpan(0, length);
        // The lengths stand first, so that no two keys give the same bytes.
        BinaryPrimitives.WriteInt32LittleEndian(buffer, kindBytes);
        BinaryPrimitives.WriteInt32LittleEndian(buffer[4..], keyBytes);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[8..], version);
        Encoding.UTF8.GetBytes(key.Kind, buffer[16..]);
        Encoding.UTF8.GetBytes(key.Key, buffer[(16 + kindBytes)..]);
        data.CopyTo(buffer[(16 + kindBytes + keyBytes)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer, hash);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
