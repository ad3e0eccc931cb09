namespace Sos.Embedded.Storage;

/// <summary>
/// The store as it was at one moment, read a page at a time while it goes on. What a later write would change before its page was read is
/// kept aside first. Used by the store's thread only.
/// </summary>
internal sealed class StoreSnapshot(SqliteDatabase database)
{
    /// <summary>Bytes kept aside at most: a reader that is so far behind its service ends instead of filling the memory.</summary>
    public const long MostAside = 128 * 1024 * 1024;

    // Beyond the cursor: kept aside already, or not there at that moment.
    private readonly HashSet<RecordKey> _settled = [];
    private readonly List<StoredRecord> _aside = [];
    private string? _kind;
    private string? _key;
    private long _bytesAside;
    private bool _begun;
    private Exception? _failure;

    /// <summary>A record is about to change.</summary>
    public void Before(RecordKey key)
    {
        if (_failure is not null || IsRead(key) || !_settled.Add(key)) return;
        try
        {
            if (database.Read(key) is not { } record) return;
            _aside.Add(record);
            _bytesAside += record.Data.Length;
            if (_bytesAside > MostAside) Fail(new IOException("Whoever reads the whole store is too far behind what is written to it; try again at a quieter time."));
        }
        catch (DamagedRecordException damaged)
        {
            Fail(damaged);
        }
    }

    /// <summary>The next records; null after the last. A page may be empty.</summary>
    /// <param name="limit">Most records read; those kept aside come in addition.</param>
    /// <exception cref="DamagedRecordException">One does not fit its checksum.</exception>
    public IReadOnlyList<StoredRecord>? Next(int limit)
    {
        if (_failure is not null) throw _failure;
        if (!_begun) (_begun, _kind) = (true, database.NextKind(null));
        var records = new List<StoredRecord>(_aside);
        _aside.Clear();
        _bytesAside = 0;
        if (_kind is null) return records.Count > 0 ? records : null;
        var page = database.Scan(_kind, _key, limit);
        if (page.Damaged is [var damaged, ..]) throw new DamagedRecordException(damaged);
        records.AddRange(page.Records.Where(record => !_settled.Contains(record.Key)));
        if (page.Next is { } last) _key = last;
        else (_kind, _key) = (database.NextKind(_kind), null);
        return records;
    }

    private void Fail(Exception failure)
    {
        _failure = failure;
        _aside.Clear();
    }

    private bool IsRead(RecordKey key)
    {
        if (!_begun) return false;
        if (_kind is null) return true;
        var byKind = RecordKeys.Order.Compare(key.Kind, _kind);
        return byKind < 0 || byKind == 0 && _key is not null && RecordKeys.Order.Compare(key.Key, _key) <= 0;
    }
}
