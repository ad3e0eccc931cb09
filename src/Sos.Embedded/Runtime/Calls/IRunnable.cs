namespace Sos.Embedded.Runtime.Calls;

/// <summary>Something with pieces of work of its own, of which one runs at a time.</summary>
internal interface IRunnable : IThreadPoolWorkItem
{
    // Long enough to pay for being scheduled, short enough that a busy grain does not keep a thread from the others.
    private const int Quantum = 64;

    /// <summary>Whose work it is, for the trace of a simulation.</summary>
    Orleans.Runtime.GrainId GrainId { get; }

    /// <summary>Runs up to <paramref name="budget"/> pieces on this thread.</summary>
    /// <returns>Whether there may be more; it then has to be scheduled again.</returns>
    bool Run(int budget);

    void IThreadPoolWorkItem.Execute()
    {
        if (Run(Quantum)) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}

/// <summary>Decides when and on which thread pieces of work run.</summary>
internal interface ITurnScheduler
{
    /// <summary>Work comes back to an activation on this thread. A simulation notices one that is not its own.</summary>
    void WorkReturns();

    void Schedule(IRunnable runnable);
}

/// <summary>Runs pieces of work on the thread pool. The runnable is the work item, so scheduling allocates nothing.</summary>
internal sealed class ThreadPoolTurns : ITurnScheduler
{
    public void WorkReturns()
    {
    }

    public void Schedule(IRunnable runnable) => ThreadPool.UnsafeQueueUserWorkItem(runnable, preferLocal: true);
}
