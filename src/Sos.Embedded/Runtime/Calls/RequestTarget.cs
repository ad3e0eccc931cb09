namespace Sos.Embedded.Runtime.Calls;

/// <summary>Where calls are queued: an activation or an observer.</summary>
internal abstract class RequestTarget
{
    /// <summary>Whether the deadline watch has this target in its list. Guarded by the target's lock.</summary>
    public bool IsWatched;

    /// <summary>Queues a call.</summary>
    /// <returns>False when the target is gone and the call must be sent to the next one.</returns>
    public abstract bool TryEnqueue(GrainCall call);

    /// <summary>
    /// Drops the waiting calls whose time has run out and collects all overdue ones, so that their callers can be told. Running ones go on.
    /// </summary>
    /// <returns>False when nothing waits or runs any more; the watch then forgets the target.</returns>
    public abstract bool CollectOverdue(long now, List<GrainCall> overdue);

    /// <summary>The caller has given up: drops the call if it waits, else tells the callee in a turn of its own.</summary>
    public abstract void Cancel(GrainCall call, CancellationTokenSource callees);
}
