namespace Sos.Embedded.Storage;

/// <summary>Something a caller waits for. Callers go on in their own scheduler, never on the store's thread.</summary>
internal abstract class StoreRequest
{
    public abstract void Fail(Exception reason);
}

internal sealed class ReadRequest(RecordKey key) : StoreRequest
{
    private readonly TaskCompletionSource<StoredRecord?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordKey Key { get; } = key;

    public Task<StoredRecord?> Answer => _answer.Task;

    public void Complete(StoredRecord? record) => _answer.SetResult(record);

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}

internal sealed class ScanRequest(string kind, string? after, int limit) : StoreRequest
{
    private readonly TaskCompletionSource<RecordPage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Kind { get; } = kind;

    public string? After { get; } = after;

    public int Limit { get; } = limit;

    public Task<RecordPage> Answer => _answer.Task;

    public void Complete(RecordPage page) => _answer.SetResult(page);

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}

internal sealed class KindRequest(string? after) : StoreRequest
{
    private readonly TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? After { get; } = after;

    public Task<string?> Answer => _answer.Task;

    public void Complete(string? kind) => _answer.SetResult(kind);

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}

/// <summary>Begins, reads on in, or ends the view of the whole store at one moment.</summary>
internal sealed class SnapshotRequest(SnapshotRequest.Step step, StoreSnapshot? snapshot) : StoreRequest
{
    private readonly TaskCompletionSource<(StoreSnapshot?, IReadOnlyList<StoredRecord>?)> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is asked for.</summary>
    public enum Step
    {
        Begin,
        Next,
        End,
    }

    public Step Asked => step;

    public StoreSnapshot? Snapshot => snapshot;

    public Task<(StoreSnapshot? Snapshot, IReadOnlyList<StoredRecord>? Records)> Answer => _answer.Task;

    public void Complete(StoreSnapshot? begun, IReadOnlyList<StoredRecord>? records) => _answer.SetResult((begun, records));

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}

/// <summary>A write or a delete, and within a group what became of it.</summary>
internal sealed class WriteRequest(RecordKey key, ReadOnlyMemory<byte>? data, long expectedVersion, WriteLane lane) : StoreRequest
{
    private readonly TaskCompletionSource<long> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordKey Key { get; } = key;

    /// <summary><see langword="null"/> for a delete.</summary>
    public ReadOnlyMemory<byte>? Data { get; } = data;

    public long ExpectedVersion { get; } = expectedVersion;

    public WriteLane Lane { get; } = lane;

    /// <summary>The version it gets when the group is committed; 0 when it was stale.</summary>
    public long NewVersion { get; set; }

    public Task<long> Answer => _answer.Task;

    public void Complete()
    {
        if (NewVersion == 0) Fail(new StaleRecordException(Key, ExpectedVersion));
        else _answer.SetResult(NewVersion);
    }

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}
