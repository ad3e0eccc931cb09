namespace Sos.Grains.Responders;

/// <summary>
/// Epochs of cell entries: the time in milliseconds, but each above every other of this process and above the caller's last durable one, so that
/// an activation that follows within the same millisecond, or after the clock was set back, is still newer than the one before.
/// </summary>
internal sealed class EpochSource(TimeProvider time)
{
    private long _last;

    /// <summary>The next epoch.</summary>
    /// <param name="durable">The caller's last durable epoch.</param>
    public long Next(long durable)
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(Math.Max(last, durable) + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return next;
        }
    }
}
