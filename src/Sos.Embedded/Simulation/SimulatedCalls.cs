using Orleans.Runtime;
using Sos.Embedded.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Simulation;

/// <summary>
/// Brings calls to their targets in an order and after a time of the seed's choice. Orleans promises no order between separate calls in
/// flight, not even from one sender to one receiver.
/// </summary>
internal sealed class SimulatedCarrier(World world, SimulatedProcess process) : ICallCarrier
{
    // In the order of their departure, so that a crash fails them in an order that does not depend on hashing.
    private readonly SortedDictionary<long, GrainCall> _onTheWay = [];
    private long _departures;

    /// <summary>The calls that have left and not arrived.</summary>
    public IEnumerable<GrainCall> OnTheWay => _onTheWay.Values;

    public void Carry(GrainCall call, GrainId target, Action arrive)
    {
        var number = _departures++;
        _onTheWay.Add(number, call);
        var arrival = new Arrival(
            process, $"{call.Method} {target}",
            () =>
            {
                _onTheWay.Remove(number);
                arrive();
            });
        var options = world.Options;
        if (world.Choices.NextDouble() >= options.DelayedCalls)
        {
            world.Add(arrival);
            return;
        }

        var delay = TimeSpan.FromTicks((long)(world.Choices.NextDouble() * options.MaxCallDelay.Ticks));
        var timer = new VirtualTimer(world, process, static state => ((Arrival)state!).Run(), arrival);
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private sealed class Arrival(SimulatedProcess process, string subject, Action arrive) : Work(process)
    {
        public override string Kind => "call";

        public override string Subject => subject;

        public override bool Run()
        {
            arrive();
            return false;
        }
    }
}

/// <summary>Ends the waits of callers to the millisecond of virtual time.</summary>
internal sealed class ExactDeadlines(World world, SimulatedProcess process, CallClock clock, Action<GrainCall> expire) : CallDeadlines
{
    private readonly PriorityQueue<(GrainCall Call, RequestTarget Target), (long Deadline, long Order)> _pending = new();
    private VirtualTimer? _timer;
    private long _order;
    private long _armedFor = long.MaxValue;

    /// <summary>The calls that nobody has answered yet, in the order of their deadlines.</summary>
    public IEnumerable<GrainCall> Pending
        => _pending.UnorderedItems.Where(entry => !entry.Element.Call.IsAnswered).OrderBy(entry => entry.Priority).Select(entry => entry.Element.Call);

    public override void Watch(RequestTarget target, GrainCall call)
    {
        _pending.Enqueue((call, target), (call.Deadline, _order++));
        Arm();
    }

    public override void Start() => _timer = new VirtualTimer(world, process, _ => Scan(), null);

    public override void Dispose() => _timer?.Dispose();

    private void Scan()
    {
        _armedFor = long.MaxValue;
        var now = clock.Now;
        var overdue = new List<GrainCall>();
        while (_pending.TryPeek(out var next, out var due) && (due.Deadline < now || next.Call.IsAnswered))
        {
            _pending.Dequeue();
            next.Target.CollectOverdue(now, overdue);
        }

        if (overdue.Count > 0) world.ExpectIntruder();
        foreach (var call in overdue)
            expire(call);
        Arm();
    }

    private void Arm()
    {
        while (_pending.TryPeek(out var answered, out _) && answered.Call.IsAnswered)
            _pending.Dequeue();
        if (!_pending.TryPeek(out _, out var due) || due.Deadline == _armedFor || _timer is null) return;

        _armedFor = due.Deadline;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, due.Deadline + 1 - clock.Now)), Timeout.InfiniteTimeSpan);
    }
}

/// <summary>The age of calls in virtual time.</summary>
internal sealed class VirtualCallClock(World world) : CallClock
{
    public override long Now => (long)world.Clock.Now.TotalMilliseconds;
}
