using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Simulation;

/// <summary>
/// Takes the place of the thread pool in the simulated world. As there, tasks run in any order; nothing runs in line, so that every
/// continuation is a choice of the seed.
/// </summary>
internal sealed class SimulatedScheduler(World world, SimulatedProcess? process) : TaskScheduler
{
    private Task? _now;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs something at once with this scheduler as the current one.</summary>
    public void RunNow(Action action)
    {
        var task = new Task(action);
        _now = task;
        task.RunSynchronously(this);
        task.GetAwaiter().GetResult();
    }

    protected override void QueueTask(Task task) => world.Add(new Queued(this, process, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => ReferenceEquals(task, _now) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed class Queued(SimulatedScheduler scheduler, SimulatedProcess? process, Task task) : Work(process)
    {
        public override string Kind => "task";

        public override string Subject => "";

        public override bool Run()
        {
            scheduler.TryExecuteTask(task);
            return false;
        }
    }
}

/// <summary>Takes the turns of activations one at a time, in an order of the seed's choice.</summary>
internal sealed class SimulatedTurns(World world, SimulatedProcess process) : ITurnScheduler
{
    public void WorkReturns() => world.IsOwnThread();

    public void Schedule(IRunnable runnable) => world.Add(new Turn(process, runnable));

    private sealed class Turn(SimulatedProcess process, IRunnable runnable) : Work(process)
    {
        public override string Kind => "turn";

        public override string Subject { get; } = runnable.GrainId.ToString();

        public override bool Run() => runnable.Run(budget: 1);
    }
}
