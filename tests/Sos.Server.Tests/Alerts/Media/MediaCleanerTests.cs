using System.Text;
using Sos.Server.Alerts.Media;

namespace Sos.Server.Tests.Alerts.Media;

/// <summary>What is stripped from photos and recordings, and what stays.</summary>
public sealed class MediaCleanerTests
{
    private const int MostPixels = 64_000_000;

    public static TheoryData<string> Types => [.. SampleMedia.All.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Nothing_that_was_hidden_in_it_is_left(string type)
    {
        var sent = SampleMedia.All[type]();
        var kept = await Clean(sent);
        Assert.True(Occurrences(sent, SampleMedia.Canary) >= 2, "The sample hides nothing.");
        Assert.Equal(0, Occurrences(kept, SampleMedia.Canary));
        Assert.Equal(0, Occurrences(kept, "PK\u0003\u0004"));
        Assert.Equal(0, Occurrences(kept, "GPS"));
        Assert.Equal(type, MediaSniffer.Find(kept).Name);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task What_is_clean_stays_as_it_is(string type)
    {
        var kept = await Clean(SampleMedia.All[type]());
        Assert.Equal(kept, await Clean(kept));
    }

    [Fact]
    public async Task A_JPEG_with_its_place_in_EXIF_keeps_which_way_is_up_and_nothing_else_of_it()
    {
        var kept = await Clean(SampleMedia.Jpeg(orientation: 6));
        Assert.Equal(1, Occurrences(kept, "Exif\0\0"));
        var exif = kept.AsSpan(kept.AsSpan().IndexOf("Exif\0\0"u8));
        // One directory with one entry, the orientation; the place had a directory of its own, behind tag 0x8825.
        Assert.Equal([0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0], exif.Slice(14, 18).ToArray());
        Assert.True(kept.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x88, 0x25]) < 0);
        Assert.Equal([0xFF, 0xD9], kept[^2..]);
        Assert.Equal((ushort)6, ExifOrientation.Read(exif[..32]));

        var upright = await Clean(SampleMedia.Jpeg(orientation: 1));
        Assert.Equal(0, Occurrences(upright, "Exif\0\0"));
    }

    [Fact]
    public async Task Places_inside_a_recording_stay_right_since_its_length_does()
    {
        foreach (var type in new[] { "audio/mp4", "audio/webm" })
        {
            var sent = SampleMedia.All[type]();
            var kept = await Clean(sent);
            Assert.Equal(sent.Length, kept.Length);
            Assert.True(kept.AsSpan().IndexOf((ReadOnlySpan<byte>)(type == "audio/mp4" ? [1, 2, 3, 4, 5] : [0x81, 0, 0, 0x80, 1, 2, 3])) > 0);
        }
    }

    [Fact]
    public async Task Pages_of_an_Ogg_are_numbered_without_gaps_and_their_checksums_are_right()
    {
        var kept = await Clean(SampleMedia.Ogg());
        var (at, number) = (0, 0u);
        while (at < kept.Length)
        {
            var length = 27 + kept[at + 26] + kept.AsSpan(at + 27, kept[at + 26]).ToArray().Sum(lace => lace);
            var page = kept.AsSpan(at, length).ToArray();
            Assert.Equal(number++, BitConverter.ToUInt32(page, 18));
            var told = BitConverter.ToUInt32(page, 22);
            page.AsSpan(22, 4).Clear();
            Assert.Equal(Checksum(page), told);
            at += length;
        }

        Assert.Equal(4u, number);
    }

    [Theory]
    [InlineData("image/png", "50000 x 50000")]
    [InlineData("image/jpeg", "50000 x 50000")]
    public async Task A_picture_that_would_unfold_to_gigabytes_is_refused_by_its_header(string type, string size)
    {
        var bomb = type == "image/png" ? SampleMedia.Png(50_000, 50_000) : SampleMedia.Jpeg(width: 50_000, height: 50_000);
        var refusal = await Assert.ThrowsAsync<UnusableMediaException>(() => Clean(bomb));
        Assert.Contains(size, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Videos_and_other_codecs_are_refused_by_name()
    {
        foreach (var (file, what) in new (byte[] File, string What)[]
        {
            (SampleMedia.Mp4("vide"), "a video"), (SampleMedia.WebM(trackType: 1), "a video"), (SampleMedia.WebM(codec: "A_VORBIS"), "another codec"),
            (SampleMedia.WebM(docType: "matroska"), "a Matroska file"), (SampleMedia.Ogg("\u0001vorbis"), "an Ogg file without Opus"), (SampleMedia.Mp4(brand: "heic"), "a HEIC"),
        })
        {
            var refusal = await Assert.ThrowsAsync<UnusableMediaException>(() => Clean(file));
            Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task What_is_cut_or_changed_anywhere_is_refused_or_cleaned_and_nothing_else(string type)
    {
        var sample = SampleMedia.All[type]();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var (tried, refused) = (0, 0);
        for (var length = 0; length < sample.Length; length++) await Try(sample[..length]);
        for (var round = 0; round < 1500; round++)
        {
            var changed = sample.ToArray();
            for (var flips = random.Next(1, 5); flips > 0; flips--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            await Try(changed);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{type}: {tried} files, {refused} refused, seed {seed}");
        Assert.InRange(refused, sample.Length / 4, tried - 1);

        async Task Try(byte[] file)
        {
            tried++;
            try
            {
                Assert.True((await Clean(file)).Length <= file.Length + 64, $"seed {seed}");
            }
            catch (UnusableMediaException)
            {
                refused++;
            }
            catch (Exception defect) when (defect is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, file {Convert.ToBase64String(file)}: {defect}");
            }
        }
    }

    [Fact]
    public async Task No_more_is_read_than_may_be_and_no_more_is_held_than_a_window()
    {
        byte[] large = [.. SampleMedia.Png()[..^(12 + SampleMedia.Canary.Length)], .. new byte[3_000_000]];
        using var reader = new MediaReader(new Dribble(large), 1_000_000, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<UnusableMediaException>(reader.Drain);
        Assert.Equal(Sos.Server.Http.ProblemKind.TooLarge, refusal.Kind);
        Assert.InRange(reader.Position, 0, 1_000_000 + MediaReader.WindowBytes);
    }

    internal static async Task<byte[]> Clean(byte[] file)
    {
        using var reader = new MediaReader(new Dribble(file), 10_000_000, CancellationToken.None);
        var output = new MemoryStream();
        await MediaSniffer.Find((await reader.Look(MediaSniffer.HeadBytes)).Span).Clean(reader, output, MostPixels);
        return output.ToArray();
    }

    internal static int Occurrences(ReadOnlySpan<byte> content, string text) => content.Count(Encoding.Latin1.GetBytes(text));

    private static uint Checksum(byte[] page)
    {
        var checksum = 0u;
        foreach (var one in page)
        {
            checksum ^= (uint)one << 24;
            for (var bit = 0; bit < 8; bit++) checksum = (checksum & 0x80000000) != 0 ? checksum << 1 ^ 0x04C11DB7 : checksum << 1;
        }

        return checksum;
    }

    /// <summary>A network that brings a few bytes at a time.</summary>
    private sealed class Dribble(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + (int)(Position % 977))], cancellationToken);
    }
}
