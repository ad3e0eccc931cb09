using System.Buffers.Binary;
using System.Text;

namespace Sos.Server.Alerts.Media;

/// <summary>
/// A recording in ISO base media boxes (ISO/IEC 14496-12), as phones make them: sound only. Boxes that a player does not need become free space of the
/// same length, so that every place which the file names stays right: user data (<c>udta</c>, where phones write the place), <c>meta</c>, <c>uuid</c>
/// (XMP), free space itself and everything unknown.
/// </summary>
internal static class Mp4Cleaner
{
    private const int DeepestBox = 4;
    private const int LongestHandler = 1024;

    // Inside which box which boxes are kept; those with an entry of their own are looked into.
    private static readonly Dictionary<string, string[]> Kept = new()
    {
        [""] = ["ftyp", "styp", "moov", "moof", "mdat", "sidx", "mfra"],
        ["moov"] = ["mvhd", "trak", "mvex"],
        ["trak"] = ["tkhd", "edts", "mdia"],
        ["mdia"] = ["mdhd", "hdlr", "minf"],
        ["moof"] = ["mfhd", "traf"],
        ["traf"] = ["tfhd", "tfdt", "trun", "sbgp", "sgpd", "saiz", "saio", "subs"],
    };

    /// <summary>Copies one.</summary>
    public static async Task Clean(MediaReader input, Stream output)
    {
        var sounds = new Sounds();
        await Boxes(input, output, "", long.MaxValue, 0, sounds);
        if (!sounds.Found || !sounds.Data) throw UnusableMediaException.Damaged("The recording holds no sound.");
    }

    private static async Task Boxes(MediaReader input, Stream output, string parent, long end, int depth, Sounds sounds)
    {
        while (input.Position < end && !(parent.Length == 0 && await input.AtEnd()))
        {
            var begin = input.Position;
            var head = (await input.Take(8)).ToArray();
            long size = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = Encoding.Latin1.GetString(head, 4, 4);
            if (size == 1)
            {
                head = [.. head, .. (await input.Take(8)).Span];
                size = BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(8));
            }

            if (size == 0)
            {
                // To the end of the file; only sound may be so.
                if (type != "mdat" || parent.Length > 0) throw Broken();
                sounds.Data = true;
                await output.WriteAsync(head);
                while (!await input.AtEnd()) await input.Copy((await input.Look(1)).Length, output);
                return;
            }

            var content = size - head.Length;
            if (content < 0 || end != long.MaxValue && begin + size > end) throw Broken();
            if (begin == 0 && type != "ftyp") throw Broken();
            if (Kept[parent].Contains(type))
            {
                await output.WriteAsync(head);
                sounds.Data |= type == "mdat";
                if (type == "hdlr") await RequireSound(input, content, sounds);
                if (Kept.ContainsKey(type) && depth < DeepestBox) await Boxes(input, output, type, begin + size, depth + 1, sounds);
                else await input.Copy(content, output);
            }
            else
            {
                "free"u8.CopyTo(head.AsSpan(4));
                await output.WriteAsync(head);
                await input.Blank(content, output);
            }
        }
    }

    private static async Task RequireSound(MediaReader input, long content, Sounds sounds)
    {
        if (content is < 12 or > LongestHandler) throw Broken();
        var handler = (await input.Look(12)).Span;
        if (handler.Length < 12) throw Broken();
        if (!handler[8..12].SequenceEqual("soun"u8)) throw UnusableMediaException.Refused("a video");
        sounds.Found = true;
    }

    private static UnusableMediaException Broken() => UnusableMediaException.Damaged("The recording is damaged.");

    private sealed class Sounds
    {
        public bool Found { get; set; }

        public bool Data { get; set; }
    }
}
