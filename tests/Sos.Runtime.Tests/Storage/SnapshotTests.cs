using Microsoft.Extensions.Logging.Abstractions;
using Sos.Embedded.Storage;

namespace Sos.Runtime.Tests.Storage;

/// <summary>The whole store at one moment, read while it is written to.</summary>
public sealed class SnapshotTests : IDisposable
{
    private static readonly string[] Kinds = ["a/x", "b/x", "ü/x"];
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteRecordStore _store;
    private readonly Dictionary<RecordKey, StoredRecord> _present = [];

    public SnapshotTests() => _store = new SqliteRecordStore(
        new RecordStoreOptions { DataDirectory = _folder.Path, BallastBytes = 0 }, TimeProvider.System, NullLogger<SqliteRecordStore>.Instance, static _ => { });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_is_written_changed_and_deleted_meanwhile_is_not_seen_and_nothing_is_missed_or_doubled(int seed)
    {
        var chance = new Random(seed);
        for (var i = 0; i < 300; i++) await Put(chance);
        var then = _present.Values.Select(Line).Order(StringComparer.Ordinal).ToList();
        var seen = new List<string>();
        await using (var records = _store.Snapshot(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None))
        {
            while (await records.MoveNextAsync())
            {
                seen.Add(Line(records.Current));
                for (var i = 0; i < 5; i++) await Change(chance);
            }
        }

        Assert.Equal(then, seen.Order(StringComparer.Ordinal));
        // Afterwards nothing is kept aside any more.
        var now = new List<string>();
        await foreach (var record in _store.Snapshot(CancellationToken.None)) now.Add(Line(record));
        Assert.Equal(_present.Values.Select(Line).Order(StringComparer.Ordinal), now.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_read_at_once_and_each_sees_its_own_moment()
    {
        var chance = new Random(5);
        for (var i = 0; i < 100; i++) await Put(chance);
        var first = await Begun();
        for (var i = 0; i < 50; i++) await Change(chance);
        var between = _present.Values.Select(Line).Order(StringComparer.Ordinal).ToList();
        var second = await Begun();
        for (var i = 0; i < 50; i++) await Change(chance);
        Assert.Equal(100, (await Rest(first)).Count);
        Assert.Equal(between, (await Rest(second)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_empty_store_is_an_empty_view()
    {
        await foreach (var record in _store.Snapshot(CancellationToken.None)) Assert.Fail($"{record.Key} is nowhere.");
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private static string Line(StoredRecord record) => $"{record.Key.Kind} {record.Key.Key} {record.Version} {Convert.ToHexString(record.Data.Span)}";

    private async Task<IAsyncEnumerator<StoredRecord>> Begun()
    {
        var records = _store.Snapshot(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await records.MoveNextAsync());
        return records;
    }

    private static async Task<List<string>> Rest(IAsyncEnumerator<StoredRecord> records)
    {
        var lines = new List<string>();
        do
        {
            lines.Add(Line(records.Current));
        }
        while (await records.MoveNextAsync());
        await records.DisposeAsync();
        return lines;
    }

    private async Task Change(Random chance)
    {
        if (chance.Next(4) == 0 && _present.Count > 0)
        {
            var record = _present.Values.ElementAt(chance.Next(_present.Count));
            await _store.Delete(record.Key, record.Version, WriteLane.Ordinary);
            _present.Remove(record.Key);
        }
        else if (chance.Next(2) == 0 && _present.Count > 0)
        {
            await Write(_present.Keys.ElementAt(chance.Next(_present.Count)), chance);
        }
        else await Put(chance);
    }

    private Task Put(Random chance)
    {
        RecordKey key;
        do key = new RecordKey(Kinds[chance.Next(Kinds.Length)], $"{chance.Next(100_000):D5}");
        while (_present.ContainsKey(key));
        return Write(key, chance);
    }

    private async Task Write(RecordKey key, Random chance)
    {
        var data = new byte[chance.Next(1, 40)];
        chance.NextBytes(data);
        var version = await _store.Write(key, data, _present.TryGetValue(key, out var before) ? before.Version : 0, WriteLane.Ordinary);
        _present[key] = new StoredRecord(key, version, data);
    }
}
