using System.Buffers.Binary;
using System.Text;

namespace Sos.Server.Tests.Alerts.Media;

/// <summary>Small files of every kind that is taken, as phones make them: with a place, a device and words in every corner that can hold some.</summary>
internal static class SampleMedia
{
    /// <summary>In every place that must not survive.</summary>
    public const string Canary = "canary48.123457";

    public static readonly IReadOnlyDictionary<string, Func<byte[]>> All = new Dictionary<string, Func<byte[]>>
    {
        ["image/jpeg"] = () => Jpeg(),
        ["image/png"] = () => Png(),
        ["image/webp"] = WebP,
        ["audio/webm"] = () => WebM(),
        ["audio/ogg"] = () => Ogg(),
        ["audio/mp4"] = () => Mp4(),
    };

    /// <summary>A grey pixel, lying on its side, taken at 48° 7' 24.44" N 16° 45' 55.56" E; behind its end a second picture.</summary>
    public static byte[] Jpeg(ushort orientation = 6, int width = 1, int height = 1) =>
    [
        0xFF, 0xD8,
        .. Segment(0xE0, [.. "JFIF\0"u8, 1, 2, 0, 0, 1, 0, 1, 1, 1, .. Encoding.ASCII.GetBytes(Canary[..3])]),
        .. Segment(0xE1, [.. "Exif\0\0"u8, .. Exif(orientation)]),
        .. Segment(0xE1, Encoding.ASCII.GetBytes($"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta exif:GPSLatitude='{Canary}'/>")),
        .. Segment(0xE2, Encoding.ASCII.GetBytes($"ICC_PROFILE\0\u0001\u0001{Canary}")),
        .. Segment(0xED, Encoding.ASCII.GetBytes($"Photoshop 3.0\08BIM{Canary}")),
        .. Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]),
        .. Segment(0xFE, Encoding.ASCII.GetBytes(Canary)),
        .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
        .. Segment(0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]),
        .. Segment(0xC4, [0x00, 1, .. new byte[15], 0]),
        .. Segment(0xC4, [0x10, 1, .. new byte[15], 0]),
        .. Segment(0xDA, [1, 1, 0x00, 0, 63, 0]),
        0x3F,
        0xFF, 0xD9,
        .. Encoding.ASCII.GetBytes($"PK\u0003\u0004{Canary}"),
    ];

    /// <summary>A black pixel.</summary>
    public static byte[] Png(uint width = 1, uint height = 1) =>
    [
        0x89, .. "PNG\r\n"u8, 0x1A, 0x0A,
        .. Chunk("IHDR", [.. Big(width), .. Big(height), 8, 0, 0, 0, 0]),
        .. Chunk("tEXt", Encoding.ASCII.GetBytes($"Location\0{Canary}")),
        .. Chunk("eXIf", Exif(6)),
        .. Chunk("iCCP", Encoding.ASCII.GetBytes(Canary)),
        .. Chunk("sRGB", [0]),
        .. Chunk("IDAT", Deflated([0, 0])),
        .. Chunk("teSt", Encoding.ASCII.GetBytes(Canary)),
        .. Chunk("IEND", []),
        .. Encoding.ASCII.GetBytes(Canary),
    ];

    /// <summary>A pixel in an extended file with EXIF, XMP and a profile.</summary>
    public static byte[] WebP()
    {
        byte[] chunks =
        [
            .. Riff("VP8X", [0x2C, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            .. Riff("ICCP", Encoding.ASCII.GetBytes(Canary)),
            .. Riff("VP8L", [0x2F, 0, 0, 0, 0, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0x08]),
            .. Riff("EXIF", [.. Exif(1), .. Encoding.ASCII.GetBytes(Canary)]),
            .. Riff("XMP ", Encoding.ASCII.GetBytes(Canary)),
        ];
        return [.. "RIFF"u8, .. Little((uint)chunks.Length + 4), .. "WEBP"u8, .. chunks, .. Encoding.ASCII.GetBytes(Canary)];
    }

    /// <summary>A recording of a browser: segment and cluster of unknown length.</summary>
    public static byte[] WebM(byte trackType = 2, string codec = "A_OPUS", string docType = "webm") =>
    [
        .. Element([0x1A, 0x45, 0xDF, 0xA3], [.. Element([0x42, 0x86], [1]), .. Element([0x42, 0x82], Encoding.ASCII.GetBytes(docType))]),
        0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        .. Element([0x15, 0x49, 0xA9, 0x66], [.. Element([0x2A, 0xD7, 0xB1], [0x0F, 0x42, 0x40]), .. Element([0x7B, 0xA9], Encoding.ASCII.GetBytes(Canary)), .. Element([0x4D, 0x80], "app"u8.ToArray())]),
        .. Element([0x16, 0x54, 0xAE, 0x6B], Element([0xAE],
        [
            .. Element([0xD7], [1]), .. Element([0x83], [trackType]), .. Element([0x86], Encoding.ASCII.GetBytes(codec)), .. Element([0x53, 0x6E], Encoding.ASCII.GetBytes(Canary)),
            .. Element([0x63, 0xA2], "OpusHead"u8.ToArray()), .. Element([0xE1], [0x9F, 0x81, 0x01]),
        ])),
        .. Element([0x12, 0x54, 0xC3, 0x67], Encoding.ASCII.GetBytes(Canary)),
        0x1F, 0x43, 0xB6, 0x75, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        .. Element([0xE7], [0]), .. Element([0xA3], [0x81, 0, 0, 0x80, 1, 2, 3]), .. Element([0xEC], Encoding.ASCII.GetBytes(Canary)),
        0x1F, 0x43, 0xB6, 0x75, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        .. Element([0xE7], [20]), .. Element([0xA3], [0x81, 0, 0, 0x80, 4, 5, 6]),
        .. Element([0x19, 0x41, 0xA4, 0x69], Encoding.ASCII.GetBytes(Canary)),
    ];

    /// <summary>A recording whose tags fill two pages; numbers and checksums of its pages are wrong on purpose.</summary>
    public static byte[] Ogg(string codec = "OpusHead") =>
    [
        .. Page(2, 0, [[.. Encoding.ASCII.GetBytes(codec), 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]]),
        .. Page(0, 1, [[.. "OpusTags"u8, 5, 0, 0, 0, .. "phone"u8, 1, 0, 0, 0, .. new byte[255 - 21]]]),
        .. Page(1, 2, [[.. Encoding.ASCII.GetBytes($"LOCATION={Canary}")]]),
        .. Page(0, 3, [[0xFC, 1, 2, 3]]),
        .. Page(4, 4, [[0xFC, 4, 5, 6]]),
        .. Encoding.ASCII.GetBytes(Canary),
    ];

    /// <summary>A recording of a phone, which says where it was made.</summary>
    public static byte[] Mp4(string handler = "soun", string brand = "M4A ") =>
    [
        .. Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0]),
        .. Box("moov",
        [
            .. Box("mvhd", new byte[100]),
            .. Box("trak", [.. Box("tkhd", new byte[84]), .. Box("mdia", [.. Box("mdhd", new byte[24]), .. Box("hdlr", [0, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(handler), .. new byte[13]]), .. Box("minf", new byte[8])]), .. Box("udta", Encoding.ASCII.GetBytes(Canary))]),
            .. Box("udta", Box("\u00A9xyz", Encoding.ASCII.GetBytes($"\0\0{Canary}"))),
            .. Box("meta", Encoding.ASCII.GetBytes($"com.apple.quicktime.location.ISO6709{Canary}")),
        ]),
        .. Box("uuid", Encoding.ASCII.GetBytes(Canary)),
        .. Box("mdat", [1, 2, 3, 4, 5]),
        .. Box("free", Encoding.ASCII.GetBytes(Canary)),
    ];

    /// <summary>EXIF with a device, a way up, and a place in its own directory.</summary>
    private static byte[] Exif(ushort orientation)
    {
        var device = Encoding.ASCII.GetBytes(Canary + "\0");
        const int Directory = 8, Gps = Directory + 2 + 3 * 12 + 4, Latitude = Gps + 2 + 4 * 12 + 4, Longitude = Latitude + 24;
        return
        [
            .. "MM\0*"u8, .. Big(Directory),
            0, 3, .. Entry(0x010F, 2, (uint)device.Length, Big(Longitude + 24)), .. Entry(0x0112, 3, 1, [0, (byte)orientation, 0, 0]), .. Entry(0x8825, 4, 1, Big(Gps)), 0, 0, 0, 0,
            0, 4, .. Entry(1, 2, 2, [(byte)'N', 0, 0, 0]), .. Entry(2, 5, 3, Big(Latitude)), .. Entry(3, 2, 2, [(byte)'E', 0, 0, 0]), .. Entry(4, 5, 3, Big(Longitude)), 0, 0, 0, 0,
            .. Big(48), .. Big(1), .. Big(7), .. Big(1), .. Big(2444), .. Big(100),
            .. Big(16), .. Big(1), .. Big(45), .. Big(1), .. Big(5556), .. Big(100),
            .. device,
        ];
    }

    private static byte[] Entry(ushort tag, ushort type, uint count, byte[] value) => [(byte)(tag >> 8), (byte)tag, (byte)(type >> 8), (byte)type, .. Big(count), .. value];

    private static byte[] Segment(byte marker, byte[] content) => [0xFF, marker, (byte)(content.Length + 2 >> 8), (byte)(content.Length + 2), .. content];

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        var checksum = 0xFFFFFFFFu;
        foreach (var one in body)
        {
            checksum ^= one;
            for (var bit = 0; bit < 8; bit++) checksum = (checksum & 1) != 0 ? checksum >> 1 ^ 0xEDB88320 : checksum >> 1;
        }

        return [.. Big((uint)content.Length), .. body, .. Big(~checksum)];
    }

    private static byte[] Deflated(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(content);
        return packed.ToArray();
    }

    private static byte[] Riff(string type, byte[] content) => [.. Encoding.ASCII.GetBytes(type), .. Little((uint)content.Length), .. content, .. new byte[content.Length & 1]];

    private static byte[] Element(byte[] id, byte[] content) => [.. id, (byte)(0x40 | content.Length >> 8), (byte)content.Length, .. content];

    private static byte[] Box(string type, byte[] content) => [.. Big((uint)content.Length + 8), .. Encoding.Latin1.GetBytes(type), .. content];

    private static byte[] Page(byte flags, uint number, byte[][] packets)
    {
        // Lacing: a packet of 255 bytes and no end goes on on the next page.
        var lacing = packets.SelectMany(packet => packet.Length == 255 ? [(byte)255] : new[] { (byte)packet.Length }).ToArray();
        return [.. "OggS"u8, 0, flags, .. new byte[8], 7, 0, 0, 0, .. Little(number + 40), 1, 2, 3, 4, (byte)lacing.Length, .. lacing, .. packets.SelectMany(packet => packet)];
    }

    private static byte[] Big(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Little(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }
}
