namespace Sos.TestKit;

/// <summary>The clock of one run of a test's host: when that run crashes, its timers are gone with it.</summary>
internal sealed class RunClock(TimeProvider clock) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<ITimer> _timers = [];

    /// <summary>Whether the run has crashed.</summary>
    public bool IsCut { get; private set; }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new RunTimer(this, clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        lock (_gate) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Cut()
    {
        ITimer[] timers;
        lock (_gate)
        {
            IsCut = true;
            timers = [.. _timers];
        }

        foreach (var timer in timers) timer.Dispose();
    }

    private sealed class RunTimer(RunClock owner, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => !owner.IsCut && timer.Change(dueTime, period);

        public void Dispose()
        {
            lock (owner._gate) owner._timers.Remove(this);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
