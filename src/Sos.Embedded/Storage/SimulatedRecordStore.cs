namespace Sos.Embedded.Storage;

/// <summary>
/// The store of the deterministic mode: takes effect after a seeded delay of virtual time, fails as it is told to, and
/// survives <see cref="Crash"/> with what was synced. Nothing in it looks at a real clock or thread.
/// </summary>
/// <param name="time">Virtual time; its timers run the effects.</param>
/// <param name="random">Seeded, and used by nobody else.</param>
/// <param name="options">Limits of records.</param>
/// <param name="faults">How it misbehaves.</param>
public sealed class SimulatedRecordStore(TimeProvider time, Random random, RecordStoreOptions options, SimulatedFaults faults) : IRecordStore
{
    private readonly object _gate = new();
    private readonly RecordTable _disk = new();
    private readonly List<Pending> _pending = [];

    /// <summary>Writes acknowledged so far.</summary>
    public long Acknowledged { get; private set; }

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> Read(RecordKey key)
    {
        RecordKeys.Check(key);
        return Later(() => FailRead() ? throw Injected() : _disk.Find(key), onDisk: null);
    }

    /// <inheritdoc/>
    public ValueTask<long> Write(RecordKey key, ReadOnlyMemory<byte> data, long expectedVersion, WriteLane lane)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        options.Check(key, data.Length);
        return Later(
            () => Change(() => _disk.TryPut(key, data.Span, expectedVersion, out var version) ? version : throw new StaleRecordException(key, expectedVersion)),
            onDisk: () => _disk.TryPut(key, data.Span, expectedVersion, out _));
    }

    /// <inheritdoc/>
    public async ValueTask Delete(RecordKey key, long expectedVersion, WriteLane lane)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expectedVersion);
        RecordKeys.Check(key);
        await Later(
            () => Change(() => _disk.TryRemove(key, expectedVersion) ? 0L : throw new StaleRecordException(key, expectedVersion)),
            onDisk: () => _disk.TryRemove(key, expectedVersion));
    }

    /// <inheritdoc/>
    public ValueTask<RecordPage> Scan(string kind, string? after, int limit)
    {
        RecordKeys.CheckScan(kind, after, limit);
        return Later(() => FailRead() ? throw Injected() : _disk.Page(kind, after, limit), onDisk: null);
    }

    /// <summary>
    /// The process dies: nobody who waits is ever answered, and of the writes under way some are on disk and some are not.
    /// The next process uses this same object.
    /// </summary>
    public void Crash()
    {
        lock (_gate)
        {
            foreach (var pending in _pending)
            {
                pending.Timer?.Dispose();
                if (pending.OnDisk is not null && !faults.DiskFull && random.NextDouble() < faults.KeepAtCrash) pending.OnDisk();
            }

            _pending.Clear();
        }
    }

    private static StoreFailedException Injected() => new("Injected failure of the simulated store.");

    private bool FailRead() => faults.FailRead > 0 && random.NextDouble() < faults.FailRead;

    private long Change(Func<long> apply)
    {
        if (faults.DiskFull) throw new StoreFullException();
        if (faults.FailBeforeWrite > 0 && random.NextDouble() < faults.FailBeforeWrite) throw Injected();
        var version = apply();
        if (faults.FailAfterWrite > 0 && random.NextDouble() < faults.FailAfterWrite) throw Injected();
        Acknowledged++;
        return version;
    }

    private ValueTask<T> Later<T>(Func<T> effect, Action? onDisk)
    {
        // Continuations run where they were awaited or inside the timer's callback; never on the thread pool.
        var answer = new TaskCompletionSource<T>();
        var pending = new Pending(onDisk);
        lock (_gate)
        {
            _pending.Add(pending);
            var span = (faults.MaxLatency - faults.MinLatency).Ticks;
            var delay = faults.MinLatency + TimeSpan.FromTicks((long)(random.NextDouble() * span));
            pending.Timer = time.CreateTimer(_ => TakeEffect(pending, effect, answer), null, delay, Timeout.InfiniteTimeSpan);
        }

        return new ValueTask<T>(answer.Task);
    }

    private void TakeEffect<T>(Pending pending, Func<T> effect, TaskCompletionSource<T> answer)
    {
        T result;
        try
        {
            lock (_gate)
            {
                if (!_pending.Remove(pending)) return;
                pending.Timer?.Dispose();
                result = effect();
            }
        }
        catch (Exception refused)
        {
            answer.SetException(refused);
            return;
        }

        answer.SetResult(result);
    }

    private sealed class Pending(Action? onDisk)
    {
        public Action? OnDisk { get; } = onDisk;

        public ITimer? Timer { get; set; }
    }
}
