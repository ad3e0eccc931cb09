using System.Buffers.Binary;

namespace Sos.Server.Alerts.Media;

/// <summary>
/// A WebP picture (RFC 9649) without EXIF, XMP, colour profile and unknown chunks: zeros lie in their place, since the length of the whole stands at the
/// beginning. Nothing follows its end. Animations are not taken.
/// </summary>
internal static class WebPCleaner
{
    private const int HeadBytes = 12;
    private const int ExtendedBytes = 10;

    // Colour profile, EXIF, XMP.
    private const byte Metadata = 0x20 | 0x08 | 0x04;
    private const byte Animation = 0x02;

    /// <summary>Copies one.</summary>
    public static async Task Clean(MediaReader input, Stream output, int mostPixels)
    {
        var head = (await input.Take(HeadBytes)).ToArray();
        var end = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) + 8L;
        await output.WriteAsync(head);
        var pictured = false;
        while (input.Position < end)
        {
            var chunk = (await input.Take(8)).ToArray();
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            var padded = length + (long)(length & 1);
            if (input.Position + padded > end) throw Broken();
            if (chunk.AsSpan().StartsWith("VP8X"u8))
            {
                if (length != ExtendedBytes || pictured) throw Broken();
                var extended = (await input.Take(ExtendedBytes)).ToArray();
                if ((extended[0] & Animation) != 0) throw UnusableMediaException.Refused("an animation");
                ImageSize.Require(1 + Three(extended.AsSpan(4)), 1 + Three(extended.AsSpan(7)), mostPixels);
                extended[0] &= unchecked((byte)~Metadata);
                await output.WriteAsync(chunk);
                await output.WriteAsync(extended);
            }
            else if (chunk.AsSpan().StartsWith("VP8 "u8) || chunk.AsSpan().StartsWith("VP8L"u8))
            {
                if (pictured) throw Broken();
                RequireSize(chunk[3] == (byte)'L', (await input.Look((int)Math.Min(length, 10))).Span, length, mostPixels);
                pictured = true;
                await output.WriteAsync(chunk);
                await input.Copy(padded, output);
            }
            else if (chunk.AsSpan().StartsWith("ALPH"u8))
            {
                await output.WriteAsync(chunk);
                await input.Copy(padded, output);
            }
            else if (chunk.AsSpan().StartsWith("ANI"u8) || chunk.AsSpan().StartsWith("ANM"u8)) throw UnusableMediaException.Refused("an animation");
            else
            {
                // Readers pass what they do not know.
                "JUNK"u8.CopyTo(chunk);
                await output.WriteAsync(chunk);
                await input.Blank(padded, output);
            }
        }

        if (!pictured) throw Broken();
    }

    private static void RequireSize(bool lossless, ReadOnlySpan<byte> picture, uint length, int mostPixels)
    {
        if (length < 10 || picture.Length < 10) throw Broken();
        if (lossless)
        {
            if (picture[0] != 0x2F) throw Broken();
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(picture[1..]);
            ImageSize.Require(1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF), mostPixels);
        }
        else
        {
            if (!picture[3..6].SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])) throw Broken();
            ImageSize.Require(BinaryPrimitives.ReadUInt16LittleEndian(picture[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(picture[8..]) & 0x3FFF, mostPixels);
        }
    }

    private static int Three(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;

    private static UnusableMediaException Broken() => UnusableMediaException.Damaged("The WebP is damaged.");
}
