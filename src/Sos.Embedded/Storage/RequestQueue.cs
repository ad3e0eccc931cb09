namespace Sos.Embedded.Storage;

#pragma warning disable CA1001 // Whoever still waits for a slot when the store closes must wake up and learn it; the semaphores hold no handle.
/// <summary>What waits for the store's thread: reads, and the two lanes of writes. Bounded; who comes to a full queue waits.</summary>
internal sealed class RequestQueue(int capacity, int groupSize)
#pragma warning restore CA1001
{
    private readonly object _gate = new();
    private readonly Queue<StoreRequest> _reads = new();
    private readonly Queue<WriteRequest> _acceptance = new();
    private readonly Queue<WriteRequest> _ordinary = new();
    private readonly SemaphoreSlim _readSlots = new(capacity);
    private readonly SemaphoreSlim _acceptanceSlots = new(capacity);
    private readonly SemaphoreSlim _ordinarySlots = new(capacity);
    private Exception? _closed;

    public async ValueTask Add(StoreRequest request)
    {
        var slots = SlotsOf(request);
        if (!slots.Wait(0)) await slots.WaitAsync();
        lock (_gate)
        {
            if (_closed is null)
            {
                if (request is WriteRequest write) (write.Lane == WriteLane.Acceptance ? _acceptance : _ordinary).Enqueue(write);
                else _reads.Enqueue(request);
                Monitor.Pulse(_gate);
                return;
            }
        }

        slots.Release();
        throw _closed;
    }

    /// <summary>
    /// Waits for work and takes it: all waiting reads, and one group of writes with the acceptance lane first. False when
    /// closed and empty.
    /// </summary>
    public bool Take(List<StoreRequest> reads, List<WriteRequest> group)
    {
        lock (_gate)
        {
            while (_reads.Count + _acceptance.Count + _ordinary.Count == 0)
            {
                if (_closed is not null) return false;
                Monitor.Wait(_gate);
            }

            while (_reads.TryDequeue(out var read)) reads.Add(read);
            while (group.Count < groupSize && _acceptance.TryDequeue(out var write)) group.Add(write);
            while (group.Count < groupSize && _ordinary.TryDequeue(out var write)) group.Add(write);
        }

        foreach (var read in reads) SlotsOf(read).Release();
        foreach (var write in group) SlotsOf(write).Release();
        return true;
    }

    /// <summary>Lets nobody in any more; what waits is still taken.</summary>
    public void Close(Exception reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
            Monitor.PulseAll(_gate);
        }
    }

    private SemaphoreSlim SlotsOf(StoreRequest request) => request switch
    {
        WriteRequest { Lane: WriteLane.Acceptance } => _acceptanceSlots,
        WriteRequest => _ordinarySlots,
        _ => _readSlots,
    };
}
