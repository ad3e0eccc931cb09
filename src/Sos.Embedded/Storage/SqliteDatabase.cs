using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Sos.Embedded.Storage;

/// <summary>The one connection. Used by one thread only; every statement is a constant and prepared once.</summary>
/// <remarks>
/// Rollback journal, not WAL: with <c>secure_delete</c> a destroyed key is nowhere on disk, which WAL cannot promise. Rowid table
/// with a unique index: half the size of WITHOUT ROWID for records of some kilobytes.
/// </remarks>
internal sealed partial class SqliteDatabase : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS store (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, epoch INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
            checksum INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS record_key ON record (kind, key);
        INSERT OR IGNORE INTO store (id, format, epoch) VALUES (1, 1, 0);
        """;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _rollback;
    private readonly sqlite3_stmt _bump;
    private readonly sqlite3_stmt _epoch;
    private readonly sqlite3_stmt _read;
    private readonly sqlite3_stmt _scan;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _update;
    private readonly sqlite3_stmt _delete;

    static SqliteDatabase()
    {
        Batteries_V2.Init();
        ChecksummedFileSystem.Register();
    }

    private SqliteDatabase(sqlite3 db)
    {
        _db = db;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _bump = Prepare("UPDATE store SET epoch = epoch + 1 WHERE id = 1");
        _epoch = Prepare("SELECT format, epoch FROM store WHERE id = 1");
        _read = Prepare("SELECT version, checksum, data FROM record WHERE kind = ?1 AND key = ?2");
        _scan = Prepare("SELECT version, checksum, data, key FROM record WHERE kind = ?1 AND key > ?2 ORDER BY key LIMIT ?3");
        _insert = Prepare("INSERT INTO record (kind, key, version, checksum, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
        _update = Prepare("UPDATE record SET version = ?3, checksum = ?4, data = ?5 WHERE kind = ?1 AND key = ?2 AND version = ?6");
        _delete = Prepare("DELETE FROM record WHERE kind = ?1 AND key = ?2 AND version = ?3");
    }

    /// <summary>Opens or makes the database. Reads nothing but the schema, however many records there are.</summary>
    /// <exception cref="SqliteFailure">It cannot be opened.</exception>
    public static SqliteDatabase Open(string path)
    {
        var code = raw.sqlite3_open_v2(path, out var db, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, ChecksummedFileSystem.Name);
        try
        {
            if (code != raw.SQLITE_OK) throw new SqliteFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
            raw.sqlite3_extended_result_codes(db, 1);
            Execute(db, $"PRAGMA page_size = {ChecksummedFileSystem.PageSize}");
            ReserveBytes(db);
            Execute(db, "PRAGMA locking_mode = EXCLUSIVE");
            Execute(db, "PRAGMA journal_mode = TRUNCATE");
            Execute(db, "PRAGMA synchronous = FULL");
            Execute(db, "PRAGMA secure_delete = ON");
            Execute(db, "PRAGMA cell_size_check = ON");
            Execute(db, "PRAGMA cache_size = -65536");
            if (!HasSchema(db)) Execute(db, $"BEGIN IMMEDIATE; {Schema} COMMIT");
            return new SqliteDatabase(db);
        }
        catch
        {
            raw.sqlite3_close_v2(db);
            throw;
        }
    }

    /// <summary>Limits the file to so many pages, as a full disk would. For tests.</summary>
    public void LimitPages(int pages) => Execute(_db, $"PRAGMA max_page_count = {pages}");

    public void Begin() => Run(_begin);

    public void Commit() => Run(_commit);

    /// <summary>Takes the transaction back; SQLite may have done so itself.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_db) == 0) Run(_rollback);
    }

    /// <summary>Counts this start of the store, inside a transaction, and returns its number.</summary>
    public long NextEpoch()
    {
        Run(_bump);
        try
        {
            if (Step(_epoch) != raw.SQLITE_ROW) throw new SqliteFailure(raw.SQLITE_CORRUPT, "the store's own row is gone");
            return raw.sqlite3_column_int64(_epoch, 1);
        }
        finally
        {
            raw.sqlite3_reset(_epoch);
        }
    }

    public StoredRecord? Read(RecordKey key)
    {
        try
        {
            Bind(_read, key);
            return Step(_read) == raw.SQLITE_ROW ? Row(_read, key) ?? throw new DamagedRecordException(key) : null;
        }
        catch (SqliteFailure unreadable)
        {
            throw new DamagedRecordException(key, unreadable);
        }
        finally
        {
            Reset(_read);
        }
    }

    public RecordPage Scan(string kind, string? after, int limit)
    {
        var records = new List<StoredRecord>();
        var damaged = new List<RecordKey>();
        string? last = null;
        try
        {
            Bind(_scan, 1, kind);
            Bind(_scan, 2, after ?? "");
            raw.sqlite3_bind_int(_scan, 3, limit);
            while (Step(_scan) == raw.SQLITE_ROW)
            {
                last = raw.sqlite3_column_text(_scan, 3).utf8_to_string();
                var key = new RecordKey(kind, last);
                if (Row(_scan, key) is { } record) records.Add(record);
                else damaged.Add(key);
            }
        }
        catch (SqliteFailure unreadable)
        {
            throw new DamagedRecordException(new RecordKey(kind, last ?? after ?? ""), unreadable);
        }
        finally
        {
            Reset(_scan);
        }

        return new RecordPage(records, damaged, records.Count + damaged.Count == limit ? last : null);
    }

    /// <summary>False when the record exists already.</summary>
    public bool Insert(RecordKey key, long version, ReadOnlySpan<byte> data)
    {
        BindContent(_insert, key, version, data);
        return Changed(_insert);
    }

    /// <summary>False when the record does not have the expected version.</summary>
    public bool Update(RecordKey key, long expectedVersion, long version, ReadOnlySpan<byte> data)
    {
        BindContent(_update, key, version, data);
        raw.sqlite3_bind_int64(_update, 6, expectedVersion);
        return Changed(_update);
    }

    /// <summary>False when the record does not have the expected version.</summary>
    public bool Delete(RecordKey key, long expectedVersion)
    {
        Bind(_delete, key);
        raw.sqlite3_bind_int64(_delete, 3, expectedVersion);
        return Changed(_delete);
    }

    public void Dispose()
    {
        foreach (var statement in (sqlite3_stmt[])[_begin, _commit, _rollback, _bump, _epoch, _read, _scan, _insert, _update, _delete])
            raw.sqlite3_finalize(statement);
        raw.sqlite3_close_v2(_db);
    }

    private static unsafe void ReserveBytes(sqlite3 db)
    {
        var bytes = PageChecksum.ReservedBytes;
        SqliteNative.FileControl(db.DangerousGetHandle(), "main", SqliteNative.ControlReserveBytes, &bytes);
        bytes = -1;
        SqliteNative.FileControl(db.DangerousGetHandle(), "main", SqliteNative.ControlReserveBytes, &bytes);
        // Without them the checksum would lie over a record.
        if (bytes != PageChecksum.ReservedBytes) throw new SqliteFailure(raw.SQLITE_NOTADB, "the file is not a database of this service");
    }

    private static bool HasSchema(sqlite3 db)
    {
        raw.sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_master WHERE name = 'record_key'", out var statement);
        try
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW;
        }
        finally
        {
            raw.sqlite3_finalize(statement);
        }
    }

    private static StoredRecord? Row(sqlite3_stmt statement, RecordKey key)
    {
        var version = raw.sqlite3_column_int64(statement, 0);
        var data = raw.sqlite3_column_blob(statement, 2);
        if (raw.sqlite3_column_int64(statement, 1) != RecordChecksum.Compute(key, version, data)) return null;
        return new StoredRecord(key, version, data.ToArray());
    }

    private static void BindContent(sqlite3_stmt statement, RecordKey key, long version, ReadOnlySpan<byte> data)
    {
        Bind(statement, key);
        raw.sqlite3_bind_int64(statement, 3, version);
        raw.sqlite3_bind_int64(statement, 4, RecordChecksum.Compute(key, version, data));
        if (data.IsEmpty) raw.sqlite3_bind_zeroblob(statement, 5, 0);
        else raw.sqlite3_bind_blob(statement, 5, data);
    }

    private static void Bind(sqlite3_stmt statement, RecordKey key)
    {
        Bind(statement, 1, key.Kind);
        Bind(statement, 2, key.Key);
    }

    private static void Bind(sqlite3_stmt statement, int index, string text)
    {
        if (text.Length == 0)
        {
            // An empty span has no address, and SQLite takes that for NULL.
            raw.sqlite3_bind_text(statement, index, "");
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        raw.sqlite3_bind_text(statement, index, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Execute(sqlite3 db, string sql)
    {
        var code = raw.sqlite3_exec(db, sql);
        if (code != raw.SQLITE_OK) throw new SqliteFailure(raw.sqlite3_extended_errcode(db), raw.sqlite3_errmsg(db).utf8_to_string());
    }

    private static void Reset(sqlite3_stmt statement)
    {
        raw.sqlite3_reset(statement);
        raw.sqlite3_clear_bindings(statement);
    }

    private bool Changed(sqlite3_stmt statement)
    {
        try
        {
            Step(statement);
            return raw.sqlite3_changes(_db) == 1;
        }
        finally
        {
            Reset(statement);
        }
    }

    private void Run(sqlite3_stmt statement)
    {
        try
        {
            Step(statement);
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    private int Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE) return code;
        throw new SqliteFailure(raw.sqlite3_extended_errcode(_db), raw.sqlite3_errmsg(_db).utf8_to_string());
    }

    private sqlite3_stmt Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v2(_db, sql, out var statement);
        if (code != raw.SQLITE_OK) throw new SqliteFailure(raw.sqlite3_extended_errcode(_db), raw.sqlite3_errmsg(_db).utf8_to_string());
        return statement;
    }
}
