using System.Text;
using Orleans.Runtime;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;

namespace Sos.Server.Tests.Hosting;

public sealed class ExportFormatTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly TransferItem[] Items =
    [
        new TransferState(GrainId.Create("sos.alert", "0195a0b0c0d07000800000000000aaaa"), "alert", "{\"content\":3}"u8.ToArray()),
        new TransferState(GrainId.Create("sos.roster", "u/30+é"), "roster", Array.Empty<byte>()),
        new TransferReminder(GrainId.Create("sos.alert", "0195a0b0c0d07000800000000000aaaa"), "due", Noon.AddMicroseconds(7), TimeSpan.FromMinutes(1)),
    ];

    [Fact]
    public async Task What_was_written_is_read_again()
    {
        var (read, counts) = await Read(await Written(Items));
        Assert.Equal(new ExportCounts(2, 1), counts);
        Assert.Equal(Items.Select(Plain), read.Select(Plain));
    }

    [Fact]
    public async Task An_export_of_nothing_is_whole()
    {
        Assert.Empty((await Read(await Written([]))).Items);
    }

    [Fact]
    public async Task Each_flipped_bit_behind_the_first_line_is_found()
    {
        var whole = await Written(Items);
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var at = first; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            var refusal = await Assert.ThrowsAsync<StartupException>(() => Read(damaged));
            Assert.StartsWith("'export'", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    [Fact]
    public async Task A_file_that_was_cut_off_anywhere_is_refused()
    {
        var whole = await Written(Items);
        for (var length = 0; length < whole.Length; length++) await Assert.ThrowsAsync<StartupException>(() => Read(whole[..length]));
    }

    [Fact]
    public async Task A_file_that_goes_on_after_its_end_is_refused()
    {
        await Assert.ThrowsAsync<StartupException>(async () => await Read([.. await Written(Items), 0]));
    }

    [Fact]
    public async Task Damage_is_told_by_the_name_of_the_item()
    {
        var whole = await Written(Items);
        whole[whole.AsSpan().IndexOf("\"content\""u8)] ^= 1;
        var refusal = await Assert.ThrowsAsync<StartupException>(() => Read(whole));
        Assert.Contains("item 1 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("alert of sos.alert/0195a0b0c0d07000800000000000aaaa", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_that_is_missing_or_comes_twice_is_noticed()
    {
        var one = await Written(Items[..1]);
        var two = await Written(Items[..2]);
        var first = Array.IndexOf(one, (byte)'\n') + 1;
        var item = two.AsSpan(first, two.Length - one.Length).ToArray();
        await Assert.ThrowsAsync<StartupException>(() => Read([.. two[..first], .. two[(first + item.Length)..]]));
        await Assert.ThrowsAsync<StartupException>(() => Read([.. two[..first], .. item, .. two[first..]]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a photograph")]
    [InlineData("{}\n")]
    [InlineData("{\"format\":\"something else\",\"version\":1}\n")]
    public async Task Another_file_is_called_so(string content)
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(() => Read(Encoding.UTF8.GetBytes(content)));
        Assert.Contains("is not an export of this service", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_format_is_refused_with_its_number()
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(() => Read("{\"format\":\"sos-orleans-data\",\"version\":2}\n"u8.ToArray()));
        Assert.Contains("format 2", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> Written(TransferItem[] items)
    {
        using var file = new MemoryStream();
        await ExportWriter.Write(file, new ExportHeader(ExportFormat.Name, ExportFormat.Version, "test", Noon), items.ToAsyncEnumerable());
        return file.ToArray();
    }

    private static async Task<(List<TransferItem> Items, ExportCounts Counts)> Read(byte[] file)
    {
        using var reader = await ExportReader.Open(new MemoryStream(file), "export");
        var items = new List<TransferItem>();
        await foreach (var item in reader.Items()) items.Add(item);
        return (items, reader.Counts);
    }

    private static string Plain(TransferItem item) => item is TransferState state ? $"{state.Grain} {state.Name} {Convert.ToHexString(state.Bytes.Span)}" : item.ToString();
}
