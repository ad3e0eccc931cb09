namespace Sos.Embedded.Storage;

/// <summary>Where the embedded store keeps its data and how much it takes at once.</summary>
public sealed class RecordStoreOptions
{
    /// <summary>Setting <c>Sos:DataDirectory</c>: the folder of <c>sos.db</c>, <c>sos.lock</c> and <c>ballast</c>.</summary>
    public string DataDirectory { get; set; } = "./data";

    /// <summary>Largest record in bytes, where <see cref="MaxRecordBytesByKind"/> says nothing else. A record grows only up to a bound.</summary>
    public int MaxRecordBytes { get; set; } = 64 * 1024;

    /// <summary>Largest record in bytes of a kind.</summary>
    public Dictionary<string, int> MaxRecordBytesByKind { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes of the file that is given up when the disk is full, so that alerts can still be taken; 0 for none.</summary>
    public long BallastBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Requests that may wait in each queue; further callers wait before it.</summary>
    public int QueueCapacity { get; set; } = 8192;

    /// <summary>Most writes in one commit: more would make the answers of a group late.</summary>
    public int GroupSize { get; set; } = 512;

    /// <summary>Refuses a record that is over the limit of its kind, or a key that cannot be stored.</summary>
    internal void Check(RecordKey key, int bytes)
    {
        RecordKeys.Check(key);
        var limit = MaxRecordBytesByKind.TryGetValue(key.Kind, out var own) ? own : MaxRecordBytes;
        if (bytes > limit) throw new RecordTooLargeException(key, bytes, limit);
    }

    /// <summary>Throws when a value is out of its range.</summary>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DataDirectory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRecordBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(BallastBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(QueueCapacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(GroupSize);
    }
}
