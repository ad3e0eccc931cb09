using System.Buffers.Binary;
using System.Text;

namespace Sos.Server.Alerts.Media;

/// <summary>
/// A PNG (W3C, third edition) of those chunks alone that make the picture: no text, time, EXIF, colour profile or private chunk, no animation, nothing
/// behind its end. Checksums go along as they are; a wrong one is for whoever shows it.
/// </summary>
internal static class PngCleaner
{
    private const int SignatureBytes = 8;
    private const int HeaderBytes = 13;
    private const int ChecksumBytes = 4;

    /// <summary>Longest of the small chunks: a palette of 256 colours.</summary>
    private const int LongestSmall = 768;

    /// <summary>Copies one.</summary>
    public static async Task Clean(MediaReader input, Stream output, int mostPixels)
    {
        await input.Copy(SignatureBytes, output);
        var (first, pictured) = (true, false);
        while (true)
        {
            var head = (await input.Take(8)).ToArray();
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = Encoding.ASCII.GetString(head, 4, 4);
            if (length > int.MaxValue || !type.All(char.IsAsciiLetter) || first != (type == "IHDR")) throw Broken();
            if (first)
            {
                if (length != HeaderBytes) throw Broken();
                var header = (await input.Look(HeaderBytes)).Span;
                if (header.Length < HeaderBytes) throw Broken();
                ImageSize.Require(BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]), mostPixels);
                first = false;
            }

            pictured |= type == "IDAT";
            if (type is "IHDR" or "IDAT" or "IEND" || IsOfPicture(type) && length <= LongestSmall)
            {
                await output.WriteAsync(head);
                await input.Copy(length + ChecksumBytes, output);
            }
            else if (char.IsAsciiLetterLower(type[0])) await input.Skip(length + (long)ChecksumBytes);
            else throw Broken();
            if (type != "IEND") continue;
            if (!pictured || length != 0) throw Broken();
            return;
        }
    }

    private static bool IsOfPicture(string type) => type is "PLTE" or "tRNS" or "gAMA" or "cHRM" or "sRGB" or "sBIT" or "bKGD" or "pHYs" or "cICP";

    private static UnusableMediaException Broken() => UnusableMediaException.Damaged("The PNG is damaged.");
}
