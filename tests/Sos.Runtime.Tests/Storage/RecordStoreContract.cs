using Sos.Embedded.Storage;

namespace Sos.Runtime.Tests.Storage;

/// <summary>What every record store promises.</summary>
public abstract class RecordStoreContract : IDisposable
{
    protected static readonly RecordStoreOptions Limits = new() { MaxRecordBytes = 1000, MaxRecordBytesByKind = { ["large"] = 5000 } };

    protected abstract IRecordStore Store { get; }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    [Fact]
    public async Task What_is_written_is_read_with_its_version()
    {
        var version = await Store.Write(Key("a"), Bytes(1, 2, 3), 0, WriteLane.Acceptance);
        var record = await Store.Read(Key("a"));
        Assert.NotNull(record);
        Assert.Equal(Key("a"), record.Key);
        Assert.Equal(version, record.Version);
        Assert.Equal([1, 2, 3], record.Data.ToArray());
        Assert.True(version > 0);
    }

    [Fact]
    public async Task A_record_that_was_never_written_is_null() => Assert.Null(await Store.Read(Key("missing")));

    [Fact]
    public async Task An_empty_record_exists()
    {
        await Store.Write(Key("a"), default, 0, WriteLane.Ordinary);
        var record = await Store.Read(Key("a"));
        Assert.NotNull(record);
        Assert.True(record.Data.IsEmpty);
    }

    [Fact]
    public async Task An_update_with_the_right_version_replaces_and_one_with_an_old_version_is_stale()
    {
        var first = await Store.Write(Key("a"), Bytes(1), 0, WriteLane.Ordinary);
        var second = await Store.Write(Key("a"), Bytes(2), first, WriteLane.Ordinary);
        Assert.True(second > first);
        var stale = await Assert.ThrowsAsync<StaleRecordException>(async () => await Store.Write(Key("a"), Bytes(3), first, WriteLane.Ordinary));
        Assert.Equal(Key("a"), stale.Key);
        Assert.Equal([2], (await Store.Read(Key("a")))!.Data.ToArray());
    }

    [Fact]
    public async Task A_first_write_over_an_existing_record_is_stale()
    {
        await Store.Write(Key("a"), Bytes(1), 0, WriteLane.Ordinary);
        await Assert.ThrowsAsync<StaleRecordException>(async () => await Store.Write(Key("a"), Bytes(2), 0, WriteLane.Acceptance));
    }

    [Fact]
    public async Task An_update_of_a_missing_record_is_stale()
        => await Assert.ThrowsAsync<StaleRecordException>(async () => await Store.Write(Key("a"), Bytes(2), 7, WriteLane.Ordinary));

    [Fact]
    public async Task A_deleted_record_is_gone_and_its_version_never_comes_back()
    {
        var versions = new HashSet<long>();
        for (var life = 0; life < 3; life++)
        {
            var version = await Store.Write(Key("a"), Bytes(1), 0, WriteLane.Ordinary);
            Assert.True(versions.Add(version));
            version = await Store.Write(Key("a"), Bytes(2), version, WriteLane.Ordinary);
            Assert.True(versions.Add(version));
            await Store.Delete(Key("a"), version, WriteLane.Ordinary);
            Assert.Null(await Store.Read(Key("a")));
        }
    }

    [Fact]
    public async Task A_delete_with_an_old_version_is_stale_and_leaves_the_record()
    {
        var first = await Store.Write(Key("a"), Bytes(1), 0, WriteLane.Ordinary);
        await Store.Write(Key("a"), Bytes(2), first, WriteLane.Ordinary);
        await Assert.ThrowsAsync<StaleRecordException>(async () => await Store.Delete(Key("a"), first, WriteLane.Ordinary));
        Assert.NotNull(await Store.Read(Key("a")));
    }

    [Fact]
    public async Task An_oversized_record_is_refused_and_a_kind_may_have_its_own_limit()
    {
        await Store.Write(Key("a"), new byte[1000], 0, WriteLane.Ordinary);
        await Assert.ThrowsAsync<RecordTooLargeException>(async () => await Store.Write(Key("b"), new byte[1001], 0, WriteLane.Ordinary));
        await Store.Write(new RecordKey("large", "b"), new byte[5000], 0, WriteLane.Ordinary);
        await Assert.ThrowsAsync<RecordTooLargeException>(async () => await Store.Write(new RecordKey("large", "c"), new byte[5001], 0, WriteLane.Ordinary));
        Assert.Null(await Store.Read(Key("b")));
    }

    [Fact]
    public async Task A_key_that_is_not_text_is_refused()
        => await Assert.ThrowsAsync<ArgumentException>(async () => await Store.Write(Key("\uD800"), Bytes(1), 0, WriteLane.Ordinary));

    [Fact]
    public async Task The_same_key_in_two_kinds_is_two_records()
    {
        await Store.Write(new RecordKey("one", "a"), Bytes(1), 0, WriteLane.Ordinary);
        await Store.Write(new RecordKey("two", "a"), Bytes(2), 0, WriteLane.Ordinary);
        Assert.Equal([1], (await Store.Read(new RecordKey("one", "a")))!.Data.ToArray());
        Assert.Equal([2], (await Store.Read(new RecordKey("two", "a")))!.Data.ToArray());
    }

    [Fact]
    public async Task A_scan_goes_through_one_kind_in_the_order_of_its_bytes_page_by_page()
    {
        string[] keys = ["Z", "a", "a\0", "aa", "ä", "\uE000", "\U0001F600", "€"];
        foreach (var key in keys) await Store.Write(Key(key), Bytes(1), 0, WriteLane.Ordinary);
        await Store.Write(new RecordKey("other", "b"), Bytes(1), 0, WriteLane.Ordinary);
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await Store.Scan("test", after, 3);
            Assert.Empty(page.Damaged);
            seen.AddRange(page.Records.Select(record => record.Key.Key));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(keys.OrderBy(key => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task Of_many_writers_with_the_same_version_one_wins_each_round()
    {
        var version = 0L;
        for (var round = 0; round < 20; round++)
        {
            var expected = version;
            var writes = Enumerable.Range(0, 20).Select(i => Try(Store.Write(Key("a"), Bytes((byte)i), expected, i % 2 == 0 ? WriteLane.Acceptance : WriteLane.Ordinary))).ToArray();
            var won = (await Task.WhenAll(writes)).OfType<long>().ToArray();
            version = Assert.Single(won);
            Assert.Equal(version, (await Store.Read(Key("a")))!.Version);
        }
    }

    [Fact]
    public async Task A_stale_write_among_many_fails_alone()
    {
        var writes = Enumerable.Range(0, 200).Select(i => Try(Store.Write(Key($"k{i}"), Bytes(1), i % 10 == 0 ? 99 : 0, WriteLane.Ordinary))).ToArray();
        var results = await Task.WhenAll(writes);
        for (var i = 0; i < results.Length; i++)
        {
            Assert.Equal(i % 10 != 0, results[i] is not null);
            Assert.Equal(i % 10 != 0, await Store.Read(Key($"k{i}")) is not null);
        }
    }

    protected static RecordKey Key(string key) => new("test", key);

    protected static byte[] Bytes(params byte[] bytes) => bytes;

    private static async Task<long?> Try(ValueTask<long> write)
    {
        try
        {
            return await write;
        }
        catch (StaleRecordException)
        {
            return null;
        }
    }
}

public sealed class MemoryRecordStoreTests : RecordStoreContract
{
    protected override IRecordStore Store { get; } = new MemoryRecordStore(Limits);
}
