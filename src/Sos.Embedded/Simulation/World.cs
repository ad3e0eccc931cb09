using System.Globalization;

namespace Sos.Embedded.Simulation;

/// <summary>
/// The simulated world: one thread, a list of work that could be done next, and a clock. The seed chooses the next piece of work; when there
/// is none, time jumps to the next timer.
/// </summary>
internal sealed class World
{
    // What runs here must not see the async locals of the test that runs it: on the thread pool it would not either.
    private static readonly ExecutionContext Clean = CaptureClean();

    private readonly SimulationOptions _options;
    private readonly List<Work> _ready = [];
    private TraceHash _trace = new();
    private int? _thread;
    private string? _intruder;

    public World(SimulationOptions options)
    {
        _options = options;
        Choices = SeededRandom.For(options.Seed, "world");
        Clock = new VirtualClock(this, options.StartTime);
        Scheduler = new SimulatedScheduler(this, null);
    }

    public SimulationOptions Options => _options;

    public SeededRandom Choices { get; }

    public VirtualClock Clock { get; }

    /// <summary>Runs what belongs to no process: the script of the simulation and the disk.</summary>
    public SimulatedScheduler Scheduler { get; }

    /// <summary>The process whose work is being done.</summary>
    public SimulatedProcess? Running { get; private set; }

    public long Steps { get; private set; }

    public ulong TraceValue => _trace.Value;

    /// <summary>Adds work that could be done from now on.</summary>
    public void Add(Work work)
    {
        if (IsOwnThread() && work.IsAlive) _ready.Add(work);
    }

    /// <summary>Whether the thread that runs this is the simulation's own. One that is not ends the simulation.</summary>
    public bool IsOwnThread()
    {
        if (_thread is not { } thread || thread == Environment.CurrentManagedThreadId) return true;

        // The thread of an intruder is not the place to throw: nobody would see it. The loop does.
        _intruder ??= Environment.StackTrace;
        return false;
    }

    /// <summary>Drops the work of a process that was killed.</summary>
    public void DropDead() => _ready.RemoveAll(work => !work.IsAlive);

    /// <summary>Goes on until a condition holds.</summary>
    /// <exception cref="SimulationException">It cannot come to hold any more.</exception>
    public void RunUntil(Func<bool> isDone, TimeSpan patience, Func<string> waitingFor)
    {
        var limit = Clock.Now + patience;
        Inside(() =>
        {
            while (!isDone())
            {
                if (_ready.Count > 0)
                    Step();
                else if (!Clock.JumpToNextTimer(limit))
                    throw Stuck(waitingFor());
            }
        });
    }

    /// <summary>Goes on until a time, doing everything that is due before it.</summary>
    public void RunFor(TimeSpan time)
    {
        var end = Clock.Now + time;
        Inside(() =>
        {
            while (true)
            {
                if (_ready.Count > 0)
                    Step();
                else if (!Clock.JumpToNextTimer(end))
                    break;
            }

            Clock.SetTo(end);
        });
    }

    /// <summary>
    /// Gives a real thread that somebody waits for the time to show itself. Virtual time passes faster than real threads come back, so
    /// otherwise what is wrong would look like a call that timed out.
    /// </summary>
    public void ExpectIntruder()
    {
        // What was put on the thread pool has to get its turn there first; an empty pool with nothing to show for it is innocent.
        var began = Environment.TickCount64;
        SpinWait.SpinUntil(
            () => Volatile.Read(ref _intruder) is not null || Environment.TickCount64 - began > 20 && ThreadPool.PendingWorkItemCount == 0,
            TimeSpan.FromSeconds(2));
        ThrowIfIntruded();
    }

    private SimulationException Stuck(string waitingFor)
    {
        ExpectIntruder();
        return new SimulationException($"Stuck after {Steps} steps at {Clock.UtcNow:O}: {waitingFor}");
    }

    private void ThrowIfIntruded()
    {
        if (Volatile.Read(ref _intruder) is { } intruder)
            throw new SimulationException($"Something came back from outside the simulated world: a real thread, timer or I/O was awaited, or ConfigureAwait(false).\n{intruder}");
    }

    private void Inside(Action loop)
    {
        if (_thread is not null) throw new InvalidOperationException("The simulation is running already: its script awaits, it does not run it again.");

        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            ExecutionContext.Run(Clean, static state => ((Action)state!)(), loop);
        }
        finally
        {
            _thread = null;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static ExecutionContext CaptureClean()
    {
        ExecutionContext? clean = null;
        var thread = new Thread(() => clean = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return clean!;
    }

    private void Step()
    {
        ThrowIfIntruded();
        if (_options.SlowSteps > 0 && Choices.NextDouble() < _options.SlowSteps)
            Clock.Pass(TimeSpan.FromTicks((long)(Choices.NextDouble() * _options.MaxStepTime.Ticks)));

        var at = Choices.Next(_ready.Count);
        var work = _ready[at];
        _ready[at] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Record(work);
        Running = work.Process;
        if (work.Run()) Add(work);
        Running = null;
    }

    private void Record(Work work)
    {
        Steps++;
        _trace.Add((ulong)Clock.Now.Ticks);
        _trace.Add(work.Kind);
        _trace.Add(work.Subject);
        _options.Trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{Steps} {Clock.Now} {work.Kind} {work.Subject}"));
    }
}

/// <summary>A piece of work that could be done next.</summary>
internal abstract class Work(SimulatedProcess? process)
{
    public SimulatedProcess? Process => process;

    public bool IsAlive => process is not { IsAlive: false };

    public abstract string Kind { get; }

    public abstract string Subject { get; }

    /// <summary>Does it.</summary>
    /// <returns>Whether there is more of it.</returns>
    public abstract bool Run();
}
