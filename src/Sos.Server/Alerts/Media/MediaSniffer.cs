using System.Text;

namespace Sos.Server.Alerts.Media;

/// <summary>Says what a file is by its first bytes, whatever it is called.</summary>
internal static class MediaSniffer
{
    /// <summary>How many of its first bytes are looked at.</summary>
    public const int HeadBytes = 1024;

    private static readonly string[] StillImageBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"];

    private static readonly (byte[] Start, string What)[] Others =
    [
        ("GIF8"u8.ToArray(), "a GIF"), ("%PDF"u8.ToArray(), "a PDF"), ("PK"u8.ToArray(), "a ZIP archive or an office document"), ([0x1F, 0x8B], "a gzip archive"),
        ("Rar!"u8.ToArray(), "a RAR archive"), ("7z"u8.ToArray(), "a 7-Zip archive"), ("BM"u8.ToArray(), "a BMP"), ("II*\0"u8.ToArray(), "a TIFF or raw photo"),
        ("MM\0*"u8.ToArray(), "a TIFF or raw photo"), ("MZ"u8.ToArray(), "a program"), ([0x7F, (byte)'E', (byte)'L', (byte)'F'], "a program"), ("#!"u8.ToArray(), "a script"),
        ("ID3"u8.ToArray(), "an MP3"), ("fLaC"u8.ToArray(), "a FLAC recording"), ("#!AMR"u8.ToArray(), "an AMR recording"), ("{\\rtf"u8.ToArray(), "an RTF document"),
        ("X5O!P%@AP"u8.ToArray(), "the EICAR test file"),
    ];

    /// <summary>The type.</summary>
    /// <param name="head">The first bytes of the file, fewer when it has no more.</param>
    /// <exception cref="UnusableMediaException">It is something that is not taken; by name.</exception>
    public static MediaType Find(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) throw UnusableMediaException.Damaged("The file is empty.");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return MediaType.Jpeg;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])) return MediaType.Png;
        if (head.StartsWith("RIFF"u8) && head.Length >= 12) return head[8..12].SequenceEqual("WEBP"u8) ? MediaType.WebP : throw UnusableMediaException.Refused("a WAV recording or another RIFF file");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) return MediaType.WebM;
        if (head.StartsWith("OggS"u8)) return MediaType.Ogg;
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8))
            return StillImageBrands.Contains(Encoding.ASCII.GetString(head[8..12])) ? throw UnusableMediaException.Refused("a HEIC or AVIF photo") : MediaType.Mp4;
        throw UnusableMediaException.Refused(Name(head));
    }

    private static string Name(ReadOnlySpan<byte> head)
    {
        // The longest first: "#!AMR" is no script.
        foreach (var (start, what) in Others.OrderByDescending(other => other.Start.Length))
        {
            if (head.StartsWith(start)) return what;
        }

        var text = Encoding.Latin1.GetString(head).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        if (!text.StartsWith('<')) return "nothing that is known here";
        return text.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "an SVG drawing" : "a page of HTML or XML";
    }
}
