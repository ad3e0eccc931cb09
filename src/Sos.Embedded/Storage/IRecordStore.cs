namespace Sos.Embedded.Storage;

/// <summary>Small versioned records, one per grain state or reminder. A write is answered only when it is on disk.</summary>
/// <remarks>Safe to call from any thread. Every implementation passes the same contract tests.</remarks>
public interface IRecordStore
{
    /// <summary>Reads one record; <see langword="null"/> when there is none.</summary>
    /// <exception cref="DamagedRecordException">The record's checksum does not fit; it is never served.</exception>
    ValueTask<StoredRecord?> Read(RecordKey key);

    /// <summary>Writes a record whole and returns its new version, which no other write of this store ever had or gets.</summary>
    /// <param name="key">The record.</param>
    /// <param name="data">Its new content; must not change until the answer.</param>
    /// <param name="expectedVersion">The version it must have now; 0 when it must not exist.</param>
    /// <param name="lane">Which writes go first when many wait.</param>
    /// <exception cref="StaleRecordException">The record has another version, exists, or is gone.</exception>
    /// <exception cref="RecordTooLargeException">The content is over the limit of its kind.</exception>
    /// <exception cref="StoreFullException">The disk is full; nothing was written.</exception>
    /// <exception cref="StoreFailedException">The store failed; whether the write is on disk is unknown.</exception>
    ValueTask<long> Write(RecordKey key, ReadOnlyMemory<byte> data, long expectedVersion, WriteLane lane);

    /// <summary>Deletes a record that has the expected version; its bytes are overwritten.</summary>
    /// <exception cref="StaleRecordException">The record has another version or is gone.</exception>
    /// <exception cref="StoreFullException">The disk is full; nothing was deleted.</exception>
    /// <exception cref="StoreFailedException">The store failed; whether the record is gone is unknown.</exception>
    ValueTask Delete(RecordKey key, long expectedVersion, WriteLane lane);

    /// <summary>Records of one kind in the order of their keys' UTF-8 bytes.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="after">Only keys greater than this one; <see langword="null"/> for the beginning.</param>
    /// <param name="limit">At most so many; 1 to 1,000.</param>
    ValueTask<RecordPage> Scan(string kind, string? after, int limit);
}
