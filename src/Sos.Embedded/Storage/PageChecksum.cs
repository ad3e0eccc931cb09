using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sos.Embedded.Storage;

/// <summary>
/// The last 8 bytes of every page of the database: a mark and CRC-32C over the page and its number. Without it a flipped bit in
/// an index makes a record vanish: "there is no such alert" would be a wrong answer that no checksum of a record can catch.
/// </summary>
internal static class PageChecksum
{
    /// <summary>Bytes at the end of each page that SQLite leaves alone.</summary>
    public const int ReservedBytes = 8;

    private const uint Mark = 0x31534F53; // "SOS1"

    /// <summary>Writes the checksum into the page.</summary>
    /// <param name="page">A whole page.</param>
    /// <param name="number">Its place in the file, so that a page which lies elsewhere is found out.</param>
    public static void Seal(Span<byte> page, long number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(page[^8..], Mark);
        BinaryPrimitives.WriteUInt32LittleEndian(page[^4..], Compute(page, number));
    }

    /// <summary>Whether a page is as it was sealed.</summary>
    public static bool IsSound(ReadOnlySpan<byte> page, long number) =>
        BinaryPrimitives.ReadUInt32LittleEndian(page[^8..]) == Mark && BinaryPrimitives.ReadUInt32LittleEndian(page[^4..]) == Compute(page, number);

    private static uint Compute(ReadOnlySpan<byte> page, long number)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)number);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(page[..^ReservedBytes])) crc = BitOperations.Crc32C(crc, word);
        return ~crc;
    }
}
