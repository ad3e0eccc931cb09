namespace Sos.Embedded.Storage;

/// <summary>A write expected another version of the record. Only this write failed.</summary>
public sealed class StaleRecordException(RecordKey key, long expectedVersion)
    : Exception(expectedVersion == 0 ? $"Record {key} exists already." : $"Record {key} no longer has version {expectedVersion}.")
{
    /// <summary>The record.</summary>
    public RecordKey Key { get; } = key;

    /// <summary>The version the writer expected; 0 when it expected none.</summary>
    public long ExpectedVersion { get; } = expectedVersion;
}

/// <summary>The disk is full. Nothing of the write is on disk; the store goes on and recovers when there is room.</summary>
public sealed class StoreFullException() : Exception("The disk that holds the data folder is full.");

/// <summary>A record is over the limit of its kind. Only this write failed.</summary>
public sealed class RecordTooLargeException(RecordKey key, int bytes, int limit)
    : Exception($"Record {key} has {bytes} bytes; at most {limit} are allowed.")
{
    /// <summary>The record.</summary>
    public RecordKey Key { get; } = key;
}

/// <summary>A record on disk does not fit its checksum, or the page it lies on is damaged. It is refused, never served.</summary>
public sealed class DamagedRecordException(RecordKey key, Exception? inner = null) : Exception($"Record {key} is damaged on disk and refused.", inner)
{
    /// <summary>The record.</summary>
    public RecordKey Key { get; } = key;
}

/// <summary>The store failed in a way after which nothing can be promised: an unfinished write may or may not be on disk.</summary>
public sealed class StoreFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The data folder cannot be used; the message says why and what to do, in one sentence.</summary>
public sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner);
