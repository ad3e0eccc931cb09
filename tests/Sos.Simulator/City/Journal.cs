using System.Collections.Concurrent;
using System.Diagnostics;
using Sos.Simulator.Reporting;
using Sos.TestKit.Client;

namespace Sos.Simulator.City;

/// <summary>What the people of a run have noticed. Durations here are by the client's clock; those of the server are in the events.</summary>
internal sealed class Journal
{
    private readonly ConcurrentDictionary<Guid, long> _pressed = new();
    private readonly ConcurrentDictionary<string, int> _retries = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private int _repeated;
    private int _offers;
    private int _accepted;
    private int _lost;
    private int _byHand;
    private int _finished;

    /// <summary>From sending the press to its 201.</summary>
    public Histogram PressToAnswer { get; } = new();

    /// <summary>From sending the press to the first inbox item on a responder's connection.</summary>
    public Histogram PressToDevice { get; } = new();

    public int Repeated => _repeated;

    public int Offers => _offers;

    public int Accepted => _accepted;

    public int LostRaces => _lost;

    public int ByHand => _byHand;

    public int Finished => _finished;

    /// <summary>Answers that left open what had happened, by status.</summary>
    public IReadOnlyDictionary<string, int> Retries => _retries;

    /// <summary>Things that must not be, with the place where they were seen.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public void Pressed(Guid alert) => _pressed[alert] = Stopwatch.GetTimestamp();

    public void Reached(Guid alert)
    {
        Interlocked.Increment(ref _offers);
        if (_pressed.TryRemove(alert, out var pressed)) PressToDevice.Record(Stopwatch.GetElapsedTime(pressed));
    }

    public void CountRetry(ApiAnswer answer) => _retries.AddOrUpdate(answer.Status == 0 ? "no answer" : $"{(int)answer.Status}", 1, (_, n) => n + 1);

    public void CountRepeat() => Interlocked.Increment(ref _repeated);

    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    public void CountLostRace() => Interlocked.Increment(ref _lost);

    public void CountByHand() => Interlocked.Increment(ref _byHand);

    public void CountFinished() => Interlocked.Increment(ref _finished);

    public void Fault(string what) => _faults.Enqueue(what);
}
