using Orleans.Runtime;
using Orleans.Storage;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime.Activations;

/// <summary>The turns: pieces of requests, one at a time.</summary>
internal sealed partial class Activation : IRunnable
{
    private int _budget;
    private bool _hasMore;
    private bool _used;

    public bool Run(int budget)
    {
        _budget = budget;
        _scheduler.RunTurns();
        return _hasMore;
    }

    /// <summary>Runs queued pieces until there are none or the budget is spent. Inside the task of a run.</summary>
    public void RunItems()
    {
        // A request that sets an async local outside an async method must not leave it to the next.
        var clean = ExecutionContext.Capture();
        GrainCall? ended = null;
        for (var left = _budget; ; left--)
        {
            Task? task = null;
            GrainCall? call = null;
            Func<Task>? operation = null;
            lock (_gate)
            {
                if (ended is not null) RemoveRunning(ended);
                if (left == 0)
                {
                    _hasMore = true;
                    return;
                }

                if (_tasks is null || !_tasks.TryDequeue(out task))
                {
                    operation = TakeOperation();
                    if (operation is null) call = TakeStartable();
                    if (operation is null && call is null)
                    {
                        _isScheduled = false;
                        _hasMore = false;
                        return;
                    }
                }
            }

            ended = null;
            if (task is not null)
                _scheduler.Run(task);
            else if (operation is not null)
                _ = operation();
            else
                ended = Start(call!);

            if (clean is not null) ExecutionContext.Restore(clean);
        }
    }

    /// <summary>Starts a request.</summary>
    /// <returns>The request if it has ended, null if it awaits something.</returns>
    private GrainCall? Start(GrainCall call)
    {
        if (_silo.Clock.Now > call.Deadline)
        {
            // Its caller has given up or will at the next scan: what was never begun is never done.
            _silo.Expire(call);
            return call;
        }

        if ((call.Options & CallOptions.KeepsIdle) == 0) _used = true;
        Task task;
        try
        {
            if (call.Context is { } context) RequestContext.Import(context);
            task = _silo.Filters.Length == 0 && !_class.IsFilter
                ? call.Invoke(_instance!)
                : new IncomingCall(this, _instance!, call, _silo.Filters, _class.ImplementationOf).Run();
            task ??= Task.FromException(new InvalidOperationException($"{call.Method} returned null and not a task."));
        }
        catch (Exception exception)
        {
            task = Task.FromException(exception);
        }

        if (task.IsCompleted)
        {
            Answer(call, task);
            return call;
        }

        new PendingRequest(this, call, task).Await();
        return null;
    }

    private void Answer(GrainCall call, Task task)
    {
        if (task.IsFaulted) OnFailed(call, task.Exception!.InnerExceptions[0]);
        call.Answer(task);
    }

    private void OnFailed(GrainCall call, Exception exception)
    {
        if (call.Method.IsOneWay) RuntimeLog.OneWayFailed(_silo.Log, call.Method, exception);
        if (exception is not InconsistentStateException { IsSourceActivation: true } conflict) return;

        // The state in memory is stale, so the activation goes before its caller hears of it. Others that the exception passes through stay.
        conflict.IsSourceActivation = false;
        Deactivate(new(Orleans.DeactivationReasonCode.ApplicationError, exception, "A storage conflict escaped a request."));
    }

    /// <summary>A request that awaits something. Its end is a piece of the activation's own work, like every continuation in it.</summary>
    private sealed class PendingRequest(Activation activation, GrainCall call, Task task)
    {
        public void Await() => task.GetAwaiter().UnsafeOnCompleted(OnEnded);

        private void OnEnded()
        {
            activation.Answer(call, task);
            lock (activation._gate)
                activation.RemoveRunning(call);
        }
    }
}
