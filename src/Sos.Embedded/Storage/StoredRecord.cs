namespace Sos.Embedded.Storage;

/// <summary>Names a record: a kind (for a grain's state its grain type and state name) and a key within it.</summary>
/// <param name="Kind">1 to 200 bytes of UTF-8.</param>
/// <param name="Key">1 to 1,000 bytes of UTF-8.</param>
public readonly record struct RecordKey(string Kind, string Key)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{Key}";
}

/// <summary>A record as it is on disk.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Version">Positive; grows with every write and is never used twice, not even after a delete.</param>
/// <param name="Data">Its content.</param>
public sealed record StoredRecord(RecordKey Key, long Version, ReadOnlyMemory<byte> Data);

/// <summary>A page of <see cref="IRecordStore.Scan"/>.</summary>
/// <param name="Records">The sound records, in order.</param>
/// <param name="Damaged">Records of this page that are refused because their checksum does not fit.</param>
/// <param name="Next">Where the next page begins (<c>after</c>); <see langword="null"/> when this was the last.</param>
public sealed record RecordPage(IReadOnlyList<StoredRecord> Records, IReadOnlyList<RecordKey> Damaged, string? Next);

/// <summary>The two queues of writes. Every group commit is filled from the first one first.</summary>
public enum WriteLane
{
    /// <summary>Taking an alert: what a person in danger waits for.</summary>
    Acceptance,

    /// <summary>Everything else.</summary>
    Ordinary,
}
