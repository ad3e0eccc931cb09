using System.Buffers.Binary;

namespace Sos.Server.Alerts.Media;

/// <summary>
/// A recording of one Opus stream in Ogg pages (RFC 3533, RFC 7845) with empty tags in the place of its own. Pages are numbered anew, with their checksums;
/// nothing follows the last one.
/// </summary>
internal static class OggCleaner
{
    private const int HeadBytes = 27;
    private const byte Continued = 1;
    private const byte First = 2;
    private const byte Last = 4;
    private static readonly byte[] EmptyTags = [.. "OpusTags"u8, 3, 0, 0, 0, .. "sos"u8, 0, 0, 0, 0];
    private static readonly uint[] Checksums = MakeTable();

    /// <summary>Copies one.</summary>
    public static async Task Clean(MediaReader input, Stream output)
    {
        var (number, stream, tagged) = (0u, 0u, false);
        while (!await input.AtEnd())
        {
            var page = await Page(input);
            if (number == 0)
            {
                stream = StreamOf(page);
                if ((page[5] & First) == 0 || !Content(page).StartsWith("OpusHead"u8)) throw UnusableMediaException.Refused("an Ogg file without Opus");
            }
            else if (StreamOf(page) != stream || (page[5] & First) != 0) throw UnusableMediaException.Refused("an Ogg file of several streams");
            else if (!tagged)
            {
                // Tags may need several pages and end the last of them.
                if (number == 1 && (page[5] & Continued) == 0 && !Content(page).StartsWith("OpusTags"u8)) throw Broken();
                if (page[26] > 0 && page[HeadBytes + page[26] - 1] == 255) continue;
                tagged = true;
                page = Tags(page);
            }

            Finish(page, number++);
            await output.WriteAsync(page);
            if ((page[5] & Last) != 0) break;
        }

        if (!tagged || number < 3) throw UnusableMediaException.Damaged("The recording holds no sound.");
    }

    private static async Task<byte[]> Page(MediaReader input)
    {
        var head = (await input.Look(HeadBytes)).Span;
        if (head.Length < HeadBytes || !head.StartsWith("OggS"u8) || head[4] != 0) throw Broken();
        var segments = head[26];
        var known = (await input.Look(HeadBytes + segments)).Span;
        if (known.Length < HeadBytes + segments) throw Broken();
        var length = HeadBytes + segments;
        foreach (var segment in known.Slice(HeadBytes, segments)) length += segment;
        return (await input.Take(length)).ToArray();
    }

    // The head of the page that the tags ended on, without being its stream's end.
    private static byte[] Tags(byte[] page)
    {
        var head = page.AsSpan(0, HeadBytes).ToArray();
        (head[5], head[26]) = (0, 1);
        head.AsSpan(6, 8).Clear();
        return [.. head, (byte)EmptyTags.Length, .. EmptyTags];
    }

    private static void Finish(byte[] page, uint number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(18), number);
        page.AsSpan(22, 4).Clear();
        var checksum = 0u;
        foreach (var one in page) checksum = checksum << 8 ^ Checksums[checksum >> 24 ^ one];
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), checksum);
    }

    private static uint StreamOf(byte[] page) => BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(14));

    private static ReadOnlySpan<byte> Content(byte[] page) => page.AsSpan(HeadBytes + page[26]);

    // CRC-32 of polynomial 0x04C11DB7, most significant bit first, beginning with 0 (RFC 3533, 6).
    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i << 24;
            for (var bit = 0; bit < 8; bit++) value = (value & 0x80000000) != 0 ? value << 1 ^ 0x04C11DB7 : value << 1;
            table[i] = value;
        }

        return table;
    }

    private static UnusableMediaException Broken() => UnusableMediaException.Damaged("The recording is damaged.");
}
