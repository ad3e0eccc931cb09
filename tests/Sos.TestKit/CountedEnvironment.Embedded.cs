using Sos.Embedded.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.TestKit;

/// <summary>
/// The machine, as a silo knows it, with a count of what waits for a thread or has one. A test that drives the clock lets it go on only when nothing does: what the machine
/// is slow with would otherwise look, to the grains, like something that took minutes.
/// </summary>
internal sealed class CountedEnvironment : SiloEnvironment
{
    private readonly MachineEnvironment _machine = new();
    private int _busy;

    public CountedEnvironment()
    {
        Turns = new CountedTurns(this);
        Background = new CountedScheduler(this);
    }

    /// <summary>Nothing runs, and nothing waits for a thread. What waits for the clock or for a call is nothing.</summary>
    public bool IsQuiet => Volatile.Read(ref _busy) == 0;

    public override ITurnScheduler Turns { get; }

    public override TaskScheduler Background { get; }

    public override CallClock Clock => _machine.Clock;

    public override TimeProvider LifeClock => _machine.LifeClock;

    public override string Incarnation => _machine.Incarnation;

    public override CallDeadlines MakeDeadlines(Action<GrainCall> expire) => _machine.MakeDeadlines(expire);

    public override void RunElsewhere(Action<object?> action, object? state) => Queue(() => action(state));

    private void Queue(Action work)
    {
        Interlocked.Increment(ref _busy);
        ThreadPool.UnsafeQueueUserWorkItem(
            static item =>
            {
                try
                {
                    item.Work();
                }
                finally
                {
                    Interlocked.Decrement(ref item.Owner._busy);
                }
            },
            (Owner: this, Work: work),
            preferLocal: false);
    }

    private sealed class CountedTurns(CountedEnvironment owner) : ITurnScheduler
    {
        public void WorkReturns()
        {
        }

        public void Schedule(IRunnable runnable) => owner.Queue(runnable.Execute);
    }

    private sealed class CountedScheduler(CountedEnvironment owner) : TaskScheduler
    {
        protected override void QueueTask(Task task) => owner.Queue(() => TryExecuteTask(task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => !taskWasPreviouslyQueued && TryExecuteTask(task);

        // Only debuggers ask; what waits is with the thread pool.
        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
