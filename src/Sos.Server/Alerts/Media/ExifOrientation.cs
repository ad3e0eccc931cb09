using System.Buffers.Binary;

namespace Sos.Server.Alerts.Media;

/// <summary>Which way is up, as EXIF says it (CIPA DC-008, tag 0x0112 of the first directory): 1 upright, 2 to 8 turned or mirrored.</summary>
internal static class ExifOrientation
{
    private const ushort Tag = 0x0112;
    private const ushort Short = 3;
    private const int EntryBytes = 12;

    private static ReadOnlySpan<byte> Mark => "Exif\0\0"u8;

    /// <summary>Reads it out of an APP1 segment; null where it is upright, not said, or this is no EXIF.</summary>
    public static ushort? Read(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith(Mark)) return null;
        var tiff = segment[Mark.Length..];
        if (tiff.Length < 8) return null;
        var little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8)) return null;
        var directory = Number(tiff[4..], little, wide: true);
        if (directory > tiff.Length - 2) return null;
        var entries = tiff[(int)directory..];
        var count = Number(entries, little, wide: false);
        for (var at = 2; count > 0 && at + EntryBytes <= entries.Length; at += EntryBytes, count--)
        {
            var entry = entries.Slice(at, EntryBytes);
            if (Number(entry, little, wide: false) != Tag || Number(entry[2..], little, wide: false) != Short) continue;
            return Number(entry[8..], little, wide: false) is var value and >= 2 and <= 8 ? (ushort)value : null;
        }

        return null;
    }

    /// <summary>An APP1 segment that says nothing else.</summary>
    public static byte[] Make(ushort orientation) =>
        [.. Mark, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, Tag >> 8, Tag & 0xFF, 0, (byte)Short, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    private static uint Number(ReadOnlySpan<byte> at, bool little, bool wide) => (wide, little) switch
    {
        (true, true) => BinaryPrimitives.ReadUInt32LittleEndian(at),
        (true, false) => BinaryPrimitives.ReadUInt32BigEndian(at),
        (false, true) => BinaryPrimitives.ReadUInt16LittleEndian(at),
        (false, false) => BinaryPrimitives.ReadUInt16BigEndian(at),
    };
}
