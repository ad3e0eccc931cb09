using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime.Activations;

/// <summary>What waits and what runs, and which of the waiting may start. Everything here is guarded by the gate.</summary>
internal sealed partial class Activation
{
    private CallList _waiting;
    private CallList _running;
    private Queue<Task>? _tasks;

    // The running request that others wait for; null when none runs or all that run interleave with everything.
    private GrainCall? _blocking;

    // How many of the waiting may start beside a blocking one. A grain that awaits the store with thousands waiting must not go through
    // them at every turn.
    private int _waitingToInterleave;

    // Whether this activation is in the hands of the turn scheduler.
    private bool _isScheduled;

    public override bool TryEnqueue(GrainCall call)
    {
        var schedule = false;
        lock (_gate)
        {
            if (_state == ActivationState.Ended) return false;

            _waiting.Add(call);
            if (Interleaves(call)) _waitingToInterleave++;
            call.Cancellation?.SentTo(this);
            if (call.Deadline != long.MaxValue) _silo.Deadlines.Watch(this, call);
            if (_state == ActivationState.New || _state == ActivationState.Valid && MayStart(call)) schedule = TakeSchedule();
        }

        if (schedule) _silo.Turns.Schedule(this);
        return true;
    }

    /// <summary>Queues a piece of a request that goes on after an await.</summary>
    public void Enqueue(Task task)
    {
        _silo.Turns.WorkReturns();
        bool schedule;
        lock (_gate)
        {
            (_tasks ??= new Queue<Task>()).Enqueue(task);
            schedule = TakeSchedule();
        }

        if (schedule) _silo.Turns.Schedule(this);
    }

    public Task[] QueuedTasks()
    {
        lock (_gate)
            return _tasks?.ToArray() ?? [];
    }

    public override bool CollectOverdue(long now, List<GrainCall> overdue)
    {
        lock (_gate)
        {
            var known = overdue.Count;
            _waiting.TakeOverdue(now, overdue);
            for (var i = known; i < overdue.Count; i++)
            {
                if (Interleaves(overdue[i])) _waitingToInterleave--;
            }

            _running.ListOverdue(now, overdue);
            return IsWatched = !_waiting.IsEmpty || !_running.IsEmpty;
        }
    }

    public override void Cancel(GrainCall call, CancellationTokenSource callees)
    {
        lock (_gate)
        {
            if (_waiting.Remove(call))
            {
                if (Interleaves(call)) _waitingToInterleave--;
                return;
            }
        }

        _ = Task.Factory.StartNew(
            static state => ((CancellationTokenSource)state!).Cancel(), callees, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
    }

    private static bool Interleaves(GrainCall call) => (call.Options & (CallOptions.AlwaysInterleave | CallOptions.ReadOnly)) != 0;

    private bool TakeSchedule()
    {
        if (_isScheduled) return false;

        return _isScheduled = true;
    }

    private bool MayStart(GrainCall call)
        => _blocking is null
        || (call.Options & CallOptions.AlwaysInterleave) != 0
        || (call.Options & _blocking.Options & CallOptions.ReadOnly) != 0
        || _class.IsReentrant;

    /// <summary>Takes the first waiting call that may start now and counts it as running.</summary>
    private GrainCall? TakeStartable()
    {
        if (_state != ActivationState.Valid || _blocking is not null && _waitingToInterleave == 0 && !_class.IsReentrant) return null;

        GrainCall? before = null;
        for (var call = _waiting.First; call is not null; before = call, call = call.Next)
        {
            if (!MayStart(call)) continue;

            TakeWaiting(before, call);
            _running.Add(call);
            if ((call.Options & CallOptions.AlwaysInterleave) == 0) _blocking ??= call;
            return call;
        }

        return null;
    }

    private void TakeWaiting(GrainCall? before, GrainCall call)
    {
        _waiting.RemoveAfter(before, call);
        if (Interleaves(call)) _waitingToInterleave--;
    }

    private void RemoveRunning(GrainCall call)
    {
        _running.Remove(call);
        if (!ReferenceEquals(_blocking, call)) return;

        // Of several read-only requests the first to start blocks the writers; when it ends, one that still runs takes its place.
        _blocking = null;
        for (var other = _running.First; other is not null && _blocking is null; other = other.Next)
        {
            if ((other.Options & CallOptions.AlwaysInterleave) == 0) _blocking = other;
        }
    }
}
