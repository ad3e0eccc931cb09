using SQLitePCL;

namespace Sos.Embedded.Storage;

/// <summary>SQLite refused a step. What follows from it depends on the code and on where it happened.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception($"SQLite: {message} ({code})")
{
    private int Primary => code & 0xFF;

    public bool IsFull => Primary == raw.SQLITE_FULL;

    /// <summary>What was read is not what was written. The disk itself works.</summary>
    public bool IsDamage => Primary is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB || code == SqliteNative.IoErrorData;

    public bool IsBusy => Primary is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;
}
