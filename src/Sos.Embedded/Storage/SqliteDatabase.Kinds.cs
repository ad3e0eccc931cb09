using SQLitePCL;

namespace Sos.Embedded.Storage;

internal sealed partial class SqliteDatabase
{
    /// <summary>The first kind after one, in the order of its bytes; null when there is none. Steps over the index, reads no record.</summary>
    public string? NextKind(string? after)
    {
        // Asked for when data is moved, a few times in a process: prepared when it is.
        var statement = Prepare("SELECT min(kind) FROM record WHERE kind > ?1");
        try
        {
            Bind(statement, 1, after ?? "");
            Step(statement);
            return raw.sqlite3_column_type(statement, 0) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(statement, 0).utf8_to_string();
        }
        catch (SqliteFailure unreadable)
        {
            throw new DamagedRecordException(new RecordKey("index", "of kinds"), unreadable);
        }
        finally
        {
            raw.sqlite3_finalize(statement);
        }
    }
}
