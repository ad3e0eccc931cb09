namespace Sos.TestKit;

/// <summary>A clock that stands still until a test moves it.</summary>
/// <remarks>
/// <see cref="Advance"/> stops at every timer that is due on the way, in order, so that a timer which is armed again by its own tick ticks
/// again. A tick that goes through a grain ends, and arms its timer again, later: a test that wants several of those advances, awaits
/// what the tick does, awaits <see cref="Armed"/>, and advances again.
/// </remarks>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(DateTimeOffset From, DateTimeOffset To, TaskCompletionSource Waiter)> _waiters = [];
    private DateTimeOffset _now = start;
    private long _made;

    /// <summary>A clock that stands at noon of 2026-03-01, UTC.</summary>
    public ManualTimeProvider() : this(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        lock (_gate)
        {
            timer.Number = _made++;
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, running the callbacks of the timers that are due on the way.</summary>
    /// <param name="span">How far; not negative.</param>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        var end = GetUtcNow() + span;
        while (MoveToNext(end))
        {
        }
    }

    /// <summary>Moves the clock to the next timer that is due by an end, and runs its callback; where there is none, to the end.</summary>
    /// <param name="end">The end.</param>
    /// <returns>Whether a timer was due; false at the end.</returns>
    public bool MoveToNext(DateTimeOffset end)
    {
        if (NextBy(end) is { } timer)
        {
            timer.Fire();
            return true;
        }

        lock (_gate)
        {
            if (end > _now) _now = end;
        }

        return false;
    }

    /// <summary>Completes as soon as some timer is due within a span of time from now.</summary>
    /// <param name="within">The span.</param>
    public Task Armed(TimeSpan within) => ArmedBetween(TimeSpan.Zero, within);

    /// <summary>Completes as soon as some timer is due after just this span of time from now.</summary>
    /// <param name="span">The span.</param>
    public Task ArmedFor(TimeSpan span) => ArmedBetween(span, span);

    private Task ArmedBetween(TimeSpan from, TimeSpan to)
    {
        lock (_gate)
        {
            var (first, last) = (_now + from, _now + to);
            if (_timers.Exists(t => t.Due >= first && t.Due <= last)) return Task.CompletedTask;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((first, last, waiter));
            return waiter.Task;
        }
    }

    private ManualTimer? NextBy(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.Due <= end).OrderBy(t => t.Due).ThenBy(t => t.Number).FirstOrDefault();
            if (next is null) return null;
            if (next.Due > _now) _now = next.Due.Value;
            next.Due = next.Period > TimeSpan.Zero ? _now + next.Period : null;
            return next;
        }
    }

    private bool Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (!_timers.Contains(timer)) return false;
            timer.Due = dueTime == Timeout.InfiniteTimeSpan ? null : _now + dueTime;
            timer.Period = period;
            foreach (var (first, last, waiter) in _waiters)
            {
                if (timer.Due >= first && timer.Due <= last) waiter.TrySetResult();
            }

            _waiters.RemoveAll(w => w.Waiter.Task.IsCompleted);
        }

        // As with every clock: due now is now, and not at the clock's next move. Beside the caller, who may hold a lock.
        if (dueTime == TimeSpan.Zero) ThreadPool.UnsafeQueueUserWorkItem(static due => due.Clock.FireIfDue(due), timer, preferLocal: false);
        return true;
    }

    private void FireIfDue(ManualTimer timer)
    {
        lock (_gate)
        {
            if (!(timer.Due <= _now) || !_timers.Contains(timer)) return;
            timer.Due = timer.Period > TimeSpan.Zero ? _now + timer.Period : null;
        }

        timer.Fire();
    }

    private void Remove(ManualTimer timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public ManualTimeProvider Clock => clock;

        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; set; }

        public long Number { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Arm(this, dueTime, period);

        public void Dispose() => clock.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
