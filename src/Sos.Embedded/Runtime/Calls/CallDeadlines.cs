namespace Sos.Embedded.Runtime.Calls;

/// <summary>Ends the waits of callers whose time has run out.</summary>
internal abstract class CallDeadlines : IDisposable
{
    /// <summary>A call with a deadline has been queued. Called under the lock of the target.</summary>
    public abstract void Watch(RequestTarget target, GrainCall call);

    public abstract void Start();

    public abstract void Dispose();
}

/// <summary>
/// Scans four times a second. A call costs nothing here but the look at a flag: the list holds the targets that were called since the
/// last scan or still have calls.
/// </summary>
internal sealed class ScannedDeadlines(CallClock clock, Action<GrainCall> expire) : CallDeadlines
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private List<RequestTarget> _watched = [];
    private List<RequestTarget> _scanned = [];
    private Timer? _timer;

    public override void Watch(RequestTarget target, GrainCall call)
    {
        if (target.IsWatched) return;

        target.IsWatched = true;
        Add(target);
    }

    public override void Start() => _timer = new Timer(static state => ((ScannedDeadlines)state!).Scan(), this, Interval, Timeout.InfiniteTimeSpan);

    public override void Dispose() => _timer?.Dispose();

    private void Scan()
    {
        lock (_gate)
            (_watched, _scanned) = (_scanned, _watched);

        var now = clock.Now;
        var overdue = new List<GrainCall>();
        foreach (var target in _scanned)
        {
            if (target.CollectOverdue(now, overdue)) Add(target);
        }

        _scanned.Clear();
        foreach (var call in overdue)
            expire(call);

        // One shot at a time: a scan never overlaps the one before it.
        _timer?.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    private void Add(RequestTarget target)
    {
        lock (_gate)
            _watched.Add(target);
    }
}
