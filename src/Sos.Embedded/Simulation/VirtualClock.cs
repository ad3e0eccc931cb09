namespace Sos.Embedded.Simulation;

/// <summary>Virtual time and the timers that wait for it.</summary>
internal sealed class VirtualClock(World world, DateTimeOffset start)
{
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (TimeSpan Due, long Order)> _timers = new();
    private long _order;

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    public DateTimeOffset UtcNow => start + Now;

    public void Arm(VirtualTimer timer, TimeSpan dueTime) => _timers.Enqueue((timer, timer.Version), (Now + dueTime, _order++));

    /// <summary>Jumps to the next timer, unless that is later than a limit.</summary>
    public bool JumpToNextTimer(TimeSpan limit)
    {
        DropDisarmed();
        if (!_timers.TryPeek(out _, out var next) || next.Due > limit) return false;

        SetTo(next.Due);
        return true;
    }

    /// <summary>Lets time pass while there is work.</summary>
    public void Pass(TimeSpan time) => SetTo(Now + time);

    /// <summary>Sets the time and lets the timers fire that are due by then.</summary>
    public void SetTo(TimeSpan time)
    {
        if (time > Now) Now = time;
        while (_timers.TryPeek(out var next, out var due) && due.Due <= Now)
        {
            _timers.Dequeue();
            if (next.Timer.Version == next.Version) world.Add(next.Timer);
        }
    }

    private void DropDisarmed()
    {
        while (_timers.TryPeek(out var next, out _) && (next.Timer.Version != next.Version || !next.Timer.IsAlive))
            _timers.Dequeue();
    }
}

/// <summary>A timer of virtual time. When it is due it becomes work like any other, so it may be late.</summary>
internal sealed class VirtualTimer(World world, SimulatedProcess? process, TimerCallback callback, object? state) : Work(process), ITimer
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly SimulatedScheduler _scheduler = process?.Scheduler ?? world.Scheduler;
    private TimeSpan _period;
    private bool _isDisposed;

    /// <summary>Counts the changes; what was armed before the last one does not fire.</summary>
    public long Version { get; private set; }

    public override string Kind => "timer";

    public override string Subject => "";

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_isDisposed) return false;

        Version++;
        _period = period;
        if (dueTime >= TimeSpan.Zero) world.Clock.Arm(this, dueTime);
        return true;
    }

    public override bool Run()
    {
        if (_isDisposed) return false;
        if (_period > TimeSpan.Zero) Change(_period, _period);

        _scheduler.RunNow(
            () =>
            {
                if (_context is null)
                    callback(state);
                else
                    ExecutionContext.Run(_context, callback.Invoke, state);
            });
        return false;
    }

    public void Dispose()
    {
        _isDisposed = true;
        Version++;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Virtual time as the code in the simulation sees it. The timers of a process die with it.</summary>
internal sealed class VirtualTimeProvider(World world, SimulatedProcess? process) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => world.Clock.UtcNow;

    public override long GetTimestamp() => world.Clock.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(world, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
