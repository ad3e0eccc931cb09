using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime;

/// <summary>What a silo runs on: the machine, or a simulation of one.</summary>
internal abstract class SiloEnvironment
{
    public abstract ITurnScheduler Turns { get; }

    public abstract CallClock Clock { get; }

    /// <summary>Measures how long grains take to become active and to leave: as with the age of calls, not the clock of the grains.</summary>
    public abstract TimeProvider LifeClock { get; }

    public abstract TaskScheduler Background { get; }

    /// <summary>Tells the observers of one start of the process from those of another.</summary>
    public abstract string Incarnation { get; }

    /// <summary>
    /// Whether observers are kept alive. A simulation does: when the garbage collector runs, differs from run to run.
    /// </summary>
    public virtual bool HoldsObservers => false;

    /// <summary>Runs something small on a stack of its own.</summary>
    public abstract void RunElsewhere(Action<object?> action, object? state);

    public abstract CallDeadlines MakeDeadlines(Action<GrainCall> expire);

    /// <summary>Brings calls to their targets with delays, in a simulation; null where they arrive at once.</summary>
    public virtual ICallCarrier? Carrier => null;
}

/// <summary>The machine: thread pool and monotonic clock.</summary>
internal sealed class MachineEnvironment : SiloEnvironment
{
    public override ITurnScheduler Turns { get; } = new ThreadPoolTurns();

    public override CallClock Clock { get; } = new CallClock.Machine();

    public override TimeProvider LifeClock => TimeProvider.System;

    public override TaskScheduler Background => TaskScheduler.Default;

    public override string Incarnation { get; } = $"{Environment.ProcessId}";

    public override void RunElsewhere(Action<object?> action, object? state) => ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);

    public override CallDeadlines MakeDeadlines(Action<GrainCall> expire) => new ScannedDeadlines(Clock, expire);
}

/// <summary>Brings calls to their targets, in its own time and order.</summary>
internal interface ICallCarrier
{
    /// <param name="call">The call.</param>
    /// <param name="target">The grain or observer.</param>
    /// <param name="arrive">Queues the call.</param>
    void Carry(GrainCall call, Orleans.Runtime.GrainId target, Action arrive);
}
