using System.Reflection;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime.Activations;

/// <summary>A timer of an activation. A tick is a request to the activation, and the next one is due a period after its end.</summary>
internal abstract class GrainTimer : IGrainTimer
{
    private static readonly MethodInfo Callback = typeof(IGrainTimerInvoker).GetMethod(nameof(IGrainTimerInvoker.InvokeCallbackAsync))!;

    private static readonly GrainMethod
        Waits = TickMethod(CallOptions.KeepsIdle),
        WaitsAndKeepsAlive = TickMethod(CallOptions.None),
        Interleaves = TickMethod(CallOptions.AlwaysInterleave | CallOptions.KeepsIdle),
        InterleavesAndKeepsAlive = TickMethod(CallOptions.AlwaysInterleave);

    private readonly CancellationTokenSource _disposed = new();
    private readonly Activation _activation;
    private readonly GrainMethod _tick;
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _isTicking;
    private bool _isChanged;

    protected GrainTimer(Activation activation, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _tick = options switch
        {
            { Interleave: true, KeepAlive: true } => InterleavesAndKeepsAlive,
            { Interleave: true } => Interleaves,
            { KeepAlive: true } => WaitsAndKeepsAlive,
            _ => Waits,
        };

        // The tick's call is made on the timer's thread: it must have neither the request context nor another async local of this code.
        var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        using (flow)
            _timer = activation.TimeProvider.CreateTimer(static state => ((GrainTimer)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, nameof(dueTime));
        Validate(period, nameof(period));
        _dueTime = dueTime;
        _period = period;

        // During a tick the change counts from the end of the tick.
        _isChanged = true;
        if (!_isTicking) _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _disposed.Cancel();
        _activation.RemoveTimer(this);
    }

    protected abstract Task InvokeCallback(CancellationToken disposed);

    private void OnDue()
    {
        _isTicking = true;
        _activation.TryEnqueue(new Tick(this));
    }

    private async Task RunTick()
    {
        if (_disposed.IsCancellationRequested) return;

        _isChanged = false;
        try
        {
            await InvokeCallback(_disposed.Token);
        }
        finally
        {
            _isTicking = false;
            if (!_disposed.IsCancellationRequested) _timer.Change(_isChanged ? _dueTime : _period, Timeout.InfiniteTimeSpan);
        }
    }

    private static GrainMethod TickMethod(CallOptions options) => new(Callback, options | CallOptions.OneWay | CallOptions.Local, nameof(IGrainTimerInvoker));

    private static void Validate(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan || time.TotalMilliseconds > uint.MaxValue - 1)
            throw new ArgumentOutOfRangeException(name, time, "A timer takes times from zero to 49 days, and Timeout.InfiniteTimeSpan.");
    }

    private sealed class Tick(GrainTimer timer) : GrainCall<Nothing>
    {
        public override GrainMethod Method => timer._tick;

        public override Task Invoke(object target) => timer.RunTick();
    }
}

/// <summary>A timer with the state that its callback gets.</summary>
internal sealed class GrainTimer<TState>(Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    : GrainTimer(activation, options)
{
    protected override Task InvokeCallback(CancellationToken disposed) => callback(state, disposed);
}
