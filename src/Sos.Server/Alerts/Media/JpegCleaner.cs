using System.Buffers.Binary;

namespace Sos.Server.Alerts.Media;

/// <summary>
/// A JPEG (ITU-T T.81) without anything but the picture: no EXIF with its place and device, no XMP, IPTC, colour profile, thumbnail or comment, and
/// nothing behind its end, where phones put more pictures. Which way is up stays, in an EXIF of that alone.
/// </summary>
internal static class JpegCleaner
{
    private const byte Escape = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App0 = 0xE0;
    private const byte App1 = 0xE1;
    private const byte App14 = 0xEE;
    private const byte App15 = 0xEF;
    private const byte Comment = 0xFE;

    /// <summary>Copies one.</summary>
    public static async Task Clean(MediaReader input, Stream output, int mostPixels)
    {
        await input.Skip(2);
        await output.WriteAsync(new byte[] { Escape, StartOfImage });
        var (framed, scanned, turned) = (false, false, false);
        while (true)
        {
            var marker = await Marker(input);
            if (marker == EndOfImage)
            {
                if (!scanned) throw UnusableMediaException.Damaged("The JPEG holds no picture.");
                await output.WriteAsync(new byte[] { Escape, EndOfImage });
                return;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian((await input.Take(2)).Span) - 2;
            if (length < 0) throw Broken();
            var content = (await input.Take(length)).ToArray();
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2 when content.Length >= 6 && !framed:
                    ImageSize.Require(BinaryPrimitives.ReadUInt16BigEndian(content.AsSpan(3)), BinaryPrimitives.ReadUInt16BigEndian(content.AsSpan(1)), mostPixels);
                    framed = true;
                    await Write(output, marker, content);
                    break;
                case 0xC4 or 0xDB or 0xDD:
                    await Write(output, marker, content);
                    break;
                case StartOfScan when framed:
                    await Write(output, marker, content);
                    await CopyScan(input, output);
                    scanned = true;
                    break;
                case App0 when content.AsSpan().StartsWith("JFIF\0"u8) && content.Length >= 14:
                    // Version and density; the thumbnail behind them is another picture.
                    await Write(output, marker, [.. content.AsSpan(0, 12), 0, 0]);
                    break;
                case App14 when content.AsSpan().StartsWith("Adobe"u8) && content.Length >= 12:
                    // How its colours are meant.
                    await Write(output, marker, content[..12]);
                    break;
                case App1 when !turned && ExifOrientation.Read(content) is { } orientation:
                    turned = true;
                    await Write(output, marker, ExifOrientation.Make(orientation));
                    break;
                case (>= App0 and <= App15) or Comment:
                    break;
                default:
                    throw Broken();
            }
        }
    }

    // Fill bytes before a marker are allowed.
    private static async Task<byte> Marker(MediaReader input)
    {
        if ((await input.Take(1)).Span[0] != Escape) throw Broken();
        byte marker;
        while ((marker = (await input.Take(1)).Span[0]) == Escape)
        {
        }

        return marker;
    }

    // Up to the next marker; an escaped FF and restarts belong to the picture.
    private static async Task CopyScan(MediaReader input, Stream output)
    {
        while (true)
        {
            var ahead = await input.Look(2);
            if (ahead.Length < 2) throw UnusableMediaException.Damaged("The file ends before it is complete.");
            var escape = ahead.Span.IndexOf(Escape);
            if (escape != 0)
            {
                var plain = escape < 0 ? ahead.Length : escape;
                await input.Copy(plain, output);
            }
            else if (ahead.Span[1] is 0 or (>= 0xD0 and <= 0xD7)) await input.Copy(2, output);
            else if (ahead.Span[1] == Escape) input.Pass(1);
            else return;
        }
    }

    private static async Task Write(Stream output, byte marker, byte[] content)
    {
        var head = new byte[] { Escape, marker, 0, 0 };
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), checked((ushort)(content.Length + 2)));
        await output.WriteAsync(head);
        await output.WriteAsync(content);
    }

    private static UnusableMediaException Broken() => UnusableMediaException.Damaged("The JPEG is damaged, or of a kind that no camera makes.");
}
