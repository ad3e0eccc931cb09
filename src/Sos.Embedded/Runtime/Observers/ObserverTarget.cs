using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime.Observers;

/// <summary>
/// An observer: a plain object outside the grains, held weakly. Its calls run one after the other, off the grains. A call to an object that
/// is gone is never answered, so its caller waits until its time runs out, as on Orleans.
/// </summary>
internal sealed class ObserverTarget : RequestTarget, IGrainContext
{
    private readonly Lock _gate = new();
    private readonly Silo _silo;
    private readonly WeakReference<object> _observer;
    private object? _held;
    private CallList _waiting;
    private CallList _running;
    private bool _isPumping;

    public ObserverTarget(Silo silo, GrainId id, object? observer, bool hold)
    {
        _silo = silo;
        _observer = new WeakReference<object>(observer!);
        _held = hold ? observer : null;
        GrainId = id;
    }

    public GrainId GrainId { get; }

    public GrainReference GrainReference => new(_silo, GrainId);

    public object? GrainInstance => _observer.TryGetTarget(out var observer) ? observer : _held;

    public IServiceProvider ActivationServices => throw new NotSupportedException("An observer has no services.");

    public Task Deactivated => throw new NotSupportedException("An observer is not activated.");

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
        => throw new NotSupportedException("An observer is not activated.");

    /// <summary>Lets go of the object: its owner has taken the reference back.</summary>
    public void Close()
    {
        _held = null;
        _observer.SetTarget(null!);
    }

    public override bool TryEnqueue(GrainCall call)
    {
        lock (_gate)
        {
            _waiting.Add(call);
            call.Cancellation?.SentTo(this);
            if (call.Deadline != long.MaxValue) _silo.Deadlines.Watch(this, call);
            if (_isPumping || GrainInstance is null) return true;

            _isPumping = true;
        }

        // Neither on the caller's thread nor with its async locals.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            _ = Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _silo.BackgroundScheduler);
        return true;
    }

    public override bool CollectOverdue(long now, List<GrainCall> overdue)
    {
        lock (_gate)
        {
            _running.ListOverdue(now, overdue);
            _waiting.TakeOverdue(now, overdue);
            return IsWatched = !_waiting.IsEmpty || !_running.IsEmpty;
        }
    }

    public override void Cancel(GrainCall call, CancellationTokenSource callees)
    {
        lock (_gate)
        {
            if (_waiting.Remove(call)) return;
        }

        _ = Task.Factory.StartNew(callees.Cancel, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _silo.BackgroundScheduler);
    }

    private async Task Pump()
    {
        while (true)
        {
            GrainCall call;
            object observer;
            lock (_gate)
            {
                if (_waiting.First is not { } first || GrainInstance is not { } alive)
                {
                    _isPumping = false;
                    return;
                }

                call = first;
                observer = alive;
                _waiting.RemoveAfter(null, call);
                _running.Add(call);
            }

            await Deliver(call, observer);
            lock (_gate)
                _running.Remove(call);
        }
    }

    private async Task Deliver(GrainCall call, object observer)
    {
        if (_silo.Clock.Now > call.Deadline)
        {
            _silo.Expire(call);
            return;
        }

        RequestContext.Import(call.Context);
        Task task;
        try
        {
            task = _silo.Filters.Length == 0
                ? call.Invoke(observer)
                : new IncomingCall(this, observer, call, _silo.Filters, method => ImplementationOf(observer.GetType(), method)).Run();
            await task;
        }
        catch (Exception exception)
        {
            if (call.Method.IsOneWay) RuntimeLog.OneWayFailed(_silo.Log, call.Method, exception);
            call.Fail(exception);
            return;
        }

        call.Answer(task);
    }

    private static MethodInfo ImplementationOf(Type observer, MethodInfo method)
    {
        var map = observer.GetInterfaceMap(method.DeclaringType!);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, method)];
    }
}
