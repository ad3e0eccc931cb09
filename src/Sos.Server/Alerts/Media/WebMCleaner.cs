using System.Text;

namespace Sos.Server.Alerts.Media;

/// <summary>
/// A recording in WebM (a profile of Matroska, RFC 9559; EBML, RFC 8794), as browsers make them: Opus only. Tags, attachments, chapters, titles and
/// everything unknown become void elements of the same length.
/// </summary>
internal static class WebMCleaner
{
    private const uint Ebml = 0x1A45DFA3;
    private const uint DocType = 0x4282;
    private const uint Segment = 0x18538067;
    private const uint Info = 0x1549A966;
    private const uint Tracks = 0x1654AE6B;
    private const uint TrackEntry = 0xAE;
    private const uint TrackType = 0x83;
    private const uint Codec = 0x86;
    private const uint Cluster = 0x1F43B675;
    private const uint BlockGroup = 0xA0;
    private const uint Root = 0;
    private const long Unknown = -1;
    private const int LongestSmall = 256;
    private const byte Sound = 2;

    // Inside which element which elements are kept; those with an entry of their own are looked into.
    private static readonly Dictionary<uint, HashSet<uint>> Kept = new()
    {
        [Root] = [Ebml, Segment],
        [Ebml] = [0x4286, 0x42F7, 0x42F2, 0x42F3, DocType, 0x4287, 0x4285],
        [Segment] = [0x114D9B74, Info, Tracks, Cluster, 0x1C53BB6B],
        [Info] = [0x2AD7B1, 0x4489, 0x4D80, 0x5741],
        [Tracks] = [TrackEntry],
        [TrackEntry] = [0xD7, 0x73C5, TrackType, 0xB9, 0x88, 0x55AA, 0x9C, 0x23E383, 0x22B59C, Codec, 0x63A2, 0x56AA, 0x56BB, 0xE1],
        [Cluster] = [0xE7, 0xA7, 0xAB, 0xA3, BlockGroup],
        [BlockGroup] = [0xA1, 0x9B, 0xFB, 0x75A2],
    };

    /// <summary>Copies one.</summary>
    public static async Task Clean(MediaReader input, Stream output)
    {
        var seen = new Seen();
        await Elements(input, output, Root, Unknown, seen);
        if (!seen.Sound || !seen.Data) throw UnusableMediaException.Damaged("The recording holds no sound.");
    }

    private static async Task Elements(MediaReader input, Stream output, uint parent, long end, Seen seen)
    {
        while ((end == Unknown || input.Position < end) && !(end == Unknown && await input.AtEnd()))
        {
            var (id, idBytes) = Number(await input.Look(12), keepMark: true, longest: 4);

            // An element of unknown length ends where one begins that cannot be inside it.
            if (end == Unknown && parent == Cluster && Kept[Segment].Contains((uint)id)) return;
            var (size, sizeBytes) = Number((await input.Look(12))[idBytes..], keepMark: false, longest: 8);
            var head = (await input.Take(idBytes + sizeBytes)).ToArray();
            if (input.Position - head.Length == 0 && id != Ebml) throw Broken();
            if (size == Unknown ? id is not (Segment or Cluster) : end != Unknown && input.Position + size > end) throw Broken();
            var kept = Kept[parent].Contains((uint)id);
            if (kept && Kept.ContainsKey((uint)id))
            {
                seen.Data |= id == Cluster;
                await output.WriteAsync(head);
                await Elements(input, output, (uint)id, size == Unknown ? Unknown : input.Position + size, seen);

                // What follows the one segment is not of the recording.
                if (id == Segment) return;
            }
            else if (kept)
            {
                await Check(input, (uint)id, size, seen);
                await output.WriteAsync(head);
                await input.Copy(size, output);
            }
            else
            {
                if (size == Unknown) throw Broken();
                await output.WriteAsync(Void(head.Length, size));
                await input.Skip(size);
                await Zeros(output, head.Length + size - VoidHeadBytes(head.Length));
            }
        }
    }

    private static async Task Check(MediaReader input, uint id, long size, Seen seen)
    {
        if (id is not (DocType or TrackType or Codec)) return;
        if (size is < 1 or > LongestSmall) throw Broken();
        var value = (await input.Look((int)size)).ToArray();
        if (value.Length < size) throw Broken();
        var text = Encoding.Latin1.GetString(value, 0, (int)size).TrimEnd('\0');
        if (id == DocType && text != "webm") throw UnusableMediaException.Refused("a Matroska file");
        if (id == TrackType && (size != 1 || value[0] != Sound)) throw UnusableMediaException.Refused("a video");
        if (id == Codec && text != "A_OPUS") throw UnusableMediaException.Refused("a recording in another codec than Opus");
        seen.Sound |= id == Codec;
    }

    // The head of an element that says nothing, as long as the head which it replaces or a few bytes shorter.
    private static byte[] Void(int headBytes, long size)
    {
        var width = VoidHeadBytes(headBytes) - 1;
        var length = headBytes + size - 1 - width;
        var head = new byte[1 + width];
        head[0] = 0xEC;
        for (var at = width; at > 0; at--, length >>= 8) head[at] = (byte)length;
        head[1] |= (byte)(0x80 >> (width - 1));
        return head;
    }

    private static int VoidHeadBytes(int headBytes) => 1 + Math.Min(8, headBytes - 1);

    private static async Task Zeros(Stream output, long count)
    {
        var zeros = new byte[4096];
        for (; count > 0; count -= zeros.Length) await output.WriteAsync(zeros.AsMemory(0, (int)Math.Min(count, zeros.Length)));
    }

    // A number of EBML: as many leading zero bits as bytes follow the first. All bits set: an unknown length.
    private static (long Value, int Bytes) Number(ReadOnlyMemory<byte> at, bool keepMark, int longest)
    {
        var span = at.Span;
        if (span.IsEmpty || span[0] == 0) throw Broken();
        var bytes = System.Numerics.BitOperations.LeadingZeroCount((uint)span[0] << 24) + 1;
        if (bytes > longest || span.Length < bytes) throw Broken();
        long value = keepMark ? span[0] : span[0] & (0xFF >> bytes);
        var all = !keepMark && value == 0xFF >> bytes;
        for (var i = 1; i < bytes; i++)
        {
            value = value << 8 | span[i];
            all &= span[i] == 0xFF;
        }

        return (all ? Unknown : value, bytes);
    }

    private static UnusableMediaException Broken() => UnusableMediaException.Damaged("The recording is damaged.");

    private sealed class Seen
    {
        public bool Sound { get; set; }

        public bool Data { get; set; }
    }
}
