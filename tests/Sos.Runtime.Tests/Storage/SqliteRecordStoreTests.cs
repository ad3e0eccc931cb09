using Microsoft.Extensions.Logging.Abstractions;
using Sos.Embedded.Storage;

namespace Sos.Runtime.Tests.Storage;

public sealed class SqliteRecordStoreTests : RecordStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Exception> _fatal = [];
    private SqliteRecordStore _store;

    public SqliteRecordStoreTests() => _store = Open();

    protected override IRecordStore Store => _store;

    public override void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        Assert.Empty(_fatal);
        base.Dispose();
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_restart_and_versions_go_on_growing()
    {
        var first = await Store.Write(Key("a"), Bytes(1), 0, WriteLane.Ordinary);
        Reopen();
        Assert.Equal(first, (await Store.Read(Key("a")))!.Version);
        var second = await Store.Write(Key("b"), Bytes(2), 0, WriteLane.Ordinary);
        Assert.True(second > first);
        await Store.Delete(Key("b"), second, WriteLane.Ordinary);
        Reopen();
        Assert.True(await Store.Write(Key("b"), Bytes(3), 0, WriteLane.Ordinary) > second);
    }

    [Fact]
    public void A_second_process_is_refused_with_one_sentence_that_says_what_to_do()
    {
        var refused = Assert.Throws<DataDirectoryException>(() => Open());
        Assert.Contains("is in use by another process; stop it or choose another with Sos:DataDirectory.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_at_the_start()
    {
        _store.Dispose();
        var database = Path.Combine(_folder.Path, "sos.db");
        var sound = File.ReadAllBytes(database);
        File.WriteAllBytes(database, Enumerable.Repeat((byte)'x', 9000).ToArray());
        Assert.Throws<DataDirectoryException>(() => Open());
        File.WriteAllBytes(database, sound);
        _store = Open();
    }

    [Fact]
    public void A_folder_whose_database_is_gone_is_not_taken_for_a_new_one()
    {
        _store.Dispose();
        var database = Path.Combine(_folder.Path, "sos.db");
        var sound = File.ReadAllBytes(database);
        File.WriteAllBytes(database, []);
        Assert.Contains("has lost its database", Assert.Throws<DataDirectoryException>(() => Open()).Message, StringComparison.Ordinal);
        File.Delete(database);
        Assert.Contains("has lost its database", Assert.Throws<DataDirectoryException>(() => Open()).Message, StringComparison.Ordinal);
        File.WriteAllBytes(database, sound);
        _store = Open();
    }

    [Fact]
    public async Task A_full_disk_takes_the_group_back_tells_everybody_and_goes_on_when_there_is_room()
    {
        var version = await Store.Write(Key("before"), Bytes(1), 0, WriteLane.Ordinary);
        _store.Database.LimitPages(20);
        var told = 0;
        var kept = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            try
            {
                await Store.Write(Key($"k{i}"), new byte[900], 0, WriteLane.Acceptance);
                kept.Add($"k{i}");
            }
            catch (StoreFullException)
            {
                told++;
            }
        }

        Assert.True(told > 0 && kept.Count > 0, $"{told} refused, {kept.Count} kept");
        Assert.Equal(300, told + kept.Count);
        Assert.Equal(version, (await Store.Read(Key("before")))!.Version);
        _store.Database.LimitPages(100_000);
        await Store.Write(Key("after"), new byte[900], 0, WriteLane.Ordinary);
        Reopen();
        foreach (var key in kept) Assert.NotNull(await Store.Read(Key(key)));
        Assert.NotNull(await Store.Read(Key("after")));
        var rows = (await Store.Scan("test", null, 1000)).Records.Count;
        Assert.Equal(kept.Count + 2, rows);
    }

    [Fact]
    public async Task A_full_disk_at_the_very_first_write_is_survived()
    {
        _store.Database.LimitPages(1);
        await Assert.ThrowsAsync<StoreFullException>(async () => await Store.Write(new RecordKey("huge", "a"), new byte[40_000], 0, WriteLane.Ordinary));
        _store.Database.LimitPages(1000);
        var version = await Store.Write(Key("a"), new byte[900], 0, WriteLane.Ordinary);
        Reopen();
        Assert.Equal(version, (await Store.Read(Key("a")))!.Version);
        Assert.True(await Store.Write(Key("b"), new byte[900], 0, WriteLane.Ordinary) >> 40 > version >> 40);
    }

    [Fact]
    public async Task More_writers_than_the_queue_holds_all_get_their_answer()
    {
        _store.Dispose();
        _store = Open(queue: 4, group: 3);
        var versions = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Store.Write(Key($"k{i}"), Bytes(1), 0, (WriteLane)(i % 2)).AsTask()));
        Assert.Equal(500, versions.Distinct().Count());
        Assert.Equal(500, (await Store.Scan("test", null, 1000)).Records.Count);
    }

    [Fact]
    public async Task Closing_finishes_what_is_queued_and_refuses_what_comes_later()
    {
        var writes = Enumerable.Range(0, 90).Select(i => Store.Write(Key($"k{i}"), Bytes(1), 0, WriteLane.Ordinary).AsTask()).ToArray();
        _store.Dispose();
        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Store.Read(Key("k1")));
        _store = Open();
        Assert.Equal(90, (await Store.Scan("test", null, 1000)).Records.Count);
    }

    [Fact]
    public async Task Closing_wakes_those_who_wait_before_a_full_queue()
    {
        _store.Dispose();
        _store = Open(queue: 3, group: 2);
        var writes = Enumerable.Range(0, 300).Select(i => Store.Write(Key($"k{i}"), Bytes(1), 0, WriteLane.Ordinary).AsTask()).ToArray();
        _store.Dispose();
        var kept = 0;
        foreach (var write in writes)
        {
            if (await Record.ExceptionAsync(() => write) is { } refused) Assert.IsType<ObjectDisposedException>(refused);
            else kept++;
        }

        _store = Open();
        Assert.Equal(kept, (await Store.Scan("test", null, 1000)).Records.Count);
    }

    [Fact]
    public async Task A_deleted_record_leaves_no_byte_in_the_folder()
    {
        var secret = "canary-7c1f40c2-deleted"u8.ToArray();
        var version = await Store.Write(Key("a"), secret, 0, WriteLane.Ordinary);
        var other = "canary-91aa77b3-updated"u8.ToArray();
        var second = await Store.Write(Key("b"), other, 0, WriteLane.Ordinary);
        await Store.Delete(Key("a"), version, WriteLane.Ordinary);
        await Store.Write(Key("b"), Bytes(1), second, WriteLane.Ordinary);
        _store.Dispose();
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(secret));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(other));
        }

        _store = Open();
    }

    [Fact]
    public async Task A_damaged_record_is_refused_by_name_while_the_others_are_served_and_written()
    {
        for (var i = 0; i < 40; i++) await Store.Write(Key($"k{i:00}"), Enumerable.Repeat((byte)(100 + i), 900).ToArray(), 0, WriteLane.Ordinary);
        _store.Dispose();
        var database = Path.Combine(_folder.Path, "sos.db");
        var bytes = await File.ReadAllBytesAsync(database);
        bytes[bytes.AsSpan().IndexOf(Enumerable.Repeat((byte)120, 900).ToArray())] ^= 4;
        await File.WriteAllBytesAsync(database, bytes);
        _store = Open();
        var refused = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            try
            {
                var record = await Store.Read(Key($"k{i:00}"));
                Assert.Equal(100 + i, record!.Data.Span[0]);
                await Store.Write(Key($"k{i:00}"), Bytes(7), record.Version, WriteLane.Ordinary);
            }
            catch (DamagedRecordException damaged)
            {
                refused.Add(damaged.Key.Key);
            }
        }

        Assert.Contains("k20", refused);
        Assert.InRange(refused.Count, 1, 10);
        await Assert.ThrowsAsync<DamagedRecordException>(async () => await Store.Write(Key("k20"), Bytes(1), 1, WriteLane.Ordinary));
        Assert.NotEqual(0, await Store.Write(Key("new"), Bytes(1), 0, WriteLane.Acceptance));
    }

    private void Reopen()
    {
        _store.Dispose();
        _store = Open();
    }

    private SqliteRecordStore Open(int queue = 100, int group = 50)
    {
        var options = new RecordStoreOptions { DataDirectory = _folder.Path, MaxRecordBytes = 1000, BallastBytes = 0, QueueCapacity = queue, GroupSize = group };
        options.MaxRecordBytesByKind["large"] = 5000;
        options.MaxRecordBytesByKind["huge"] = 50_000;
        return new SqliteRecordStore(options, TimeProvider.System, NullLogger<SqliteRecordStore>.Instance, _fatal.Add);
    }
}
