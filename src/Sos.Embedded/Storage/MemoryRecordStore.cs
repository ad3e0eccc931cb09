namespace Sos.Embedded.Storage;

/// <summary>Records in memory, for tests: same answers as the file, nothing survives.</summary>
public sealed class MemoryRecordStore(RecordStoreOptions options) : IRecordStore
{
    private readonly object _gate = new();
    private readonly RecordTable _table = new();

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> Read(RecordKey key)
    {
        RecordKeys.Check(key);
        lock (_gate) return new(_table.Find(key));
    }

    /// <inheritdoc/>
    public ValueTask<long> Write(RecordKey key, ReadOnlyMemory<byte> data, long expectedVersion, WriteLane lane)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        options.Check(key, data.Length);
        lock (_gate) return _table.TryPut(key, data.Span, expectedVersion, out var version) ? new(version) : ValueTask.FromException<long>(new StaleRecordException(key, expectedVersion));
    }

    /// <inheritdoc/>
    public ValueTask Delete(RecordKey key, long expectedVersion, WriteLane lane)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expectedVersion);
        RecordKeys.Check(key);
        lock (_gate) return _table.TryRemove(key, expectedVersion) ? default : ValueTask.FromException(new StaleRecordException(key, expectedVersion));
    }

    /// <inheritdoc/>
    public ValueTask<RecordPage> Scan(string kind, string? after, int limit)
    {
        RecordKeys.CheckScan(kind, after, limit);
        lock (_gate) return new(_table.Page(kind, after, limit));
    }
}
