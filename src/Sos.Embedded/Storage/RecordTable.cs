namespace Sos.Embedded.Storage;

/// <summary>Versioned records in memory, in key order. Not safe for several threads.</summary>
internal sealed class RecordTable
{
    private readonly Dictionary<RecordKey, StoredRecord> _records = [];
    private readonly Dictionary<string, SortedSet<string?>> _keys = new(StringComparer.Ordinal);
    private long _lastVersion;

    public StoredRecord? Find(RecordKey key) => _records.GetValueOrDefault(key);

    public bool TryPut(RecordKey key, ReadOnlySpan<byte> data, long expectedVersion, out long version)
    {
        version = 0;
        if ((Find(key)?.Version ?? 0) != expectedVersion) return false;
        version = ++_lastVersion;
        _records[key] = new StoredRecord(key, version, data.ToArray());
        if (!_keys.TryGetValue(key.Kind, out var keys)) _keys[key.Kind] = keys = new(RecordKeys.Order);
        keys.Add(key.Key);
        return true;
    }

    public bool TryRemove(RecordKey key, long expectedVersion)
    {
        if (Find(key)?.Version != expectedVersion) return false;
        _records.Remove(key);
        return _keys[key.Kind].Remove(key.Key);
    }

    public RecordPage Page(string kind, string? after, int limit)
    {
        if (!_keys.TryGetValue(kind, out var keys)) return new RecordPage([], [], null);
        var view = after is null ? keys : keys.GetViewBetween(after, null);
        var page = view.Where(key => key != after).Take(limit).Select(key => _records[new RecordKey(kind, key!)]).ToList();
        return new RecordPage(page, [], page.Count == limit ? page[^1].Key.Key : null);
    }
}
