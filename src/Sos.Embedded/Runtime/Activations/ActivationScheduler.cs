namespace Sos.Embedded.Runtime.Activations;

/// <summary>
/// Runs what belongs to one activation, one piece at a time. A task scheduler and not a synchronization context, so that
/// <c>ContinueWith</c> and <c>StartNew</c> stay inside the activation too.
/// </summary>
internal sealed class ActivationScheduler(Activation activation) : TaskScheduler, IActivationScheduler
{
    private Task? _turn;

    public IActivation Activation => activation;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs turns on this thread, with this scheduler as the current one.</summary>
    public void RunTurns()
    {
        // The current scheduler is that of the current task, so a run of turns needs one: the only allocation of a run.
        var turn = new Task(static state => ((Activation)state!).RunItems(), activation);
        _turn = turn;
        turn.RunSynchronously(this);
    }

    /// <summary>Runs a task that was queued.</summary>
    public void Run(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task) => activation.Enqueue(task);

    // In line only what is new and inside a turn already: a queued task keeps its place.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
        => (ReferenceEquals(task, _turn) || !taskWasPreviouslyQueued && Current == this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => activation.QueuedTasks();
}
