using Sos.Contracts.Geo;
using Sos.Simulator.Calls;
using Sos.Simulator.Reporting;
using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Simulator.City;

/// <summary>The people of a run: responders where calls come from, callers who are free to press, an operator.</summary>
internal sealed class CityPeople(Population population, CallsOptions options, Pace pace, Journal journal, IntentLog log)
{
    private const int SignInsAtOnce = 16;
    private const int FirstCallers = 100;

    private readonly System.Collections.Concurrent.ConcurrentBag<CallerAgent> _free = [];
    private readonly System.Collections.Concurrent.ConcurrentBag<ApiClient> _callers = [];
    private int _lastCaller;

    /// <summary>Everybody who may have pressed.</summary>
    public IReadOnlyCollection<ApiClient> Callers => _callers;

    /// <summary>Signs responders in and puts them on duty near places of the calls, chosen at random.</summary>
    public async Task<ResponderAgent[]> Responders(IReadOnlyList<EmergencyCall> calls, CancellationToken cancellationToken)
    {
        var bar = new ProgressBar("Responders", options.Responders);
        var agents = new ResponderAgent[options.Responders];
        var done = 0;
        await Parallel.ForAsync(0, options.Responders, AtOnce(cancellationToken), async (i, token) =>
        {
            var random = new Random(options.Seed * 1_000_003 + i);
            var home = calls[random.Next(calls.Count)].Place.Travel(random.NextDouble() * 360, Distance.FromMetres(500));
            var person = new Person(await population.Responder(i, token), random);
            agents[i] = new ResponderAgent(person, new Mover(pace, home, random), options, pace, journal);
            await agents[i].GoOnDuty(token);
            bar.Show(Interlocked.Increment(ref done), "signed in and on duty");
        });
        bar.Finish($"{options.Responders} signed in and on duty");
        return agents;
    }

    /// <summary>Signs in the first callers; more follow when all of them are busy.</summary>
    public Task FirstOnes(CancellationToken cancellationToken) => Parallel.ForAsync(
        0, Math.Min(FirstCallers, options.Calls), AtOnce(cancellationToken), async (_, token) => Free(await Another(token)));

    /// <summary>A caller without an open alert.</summary>
    public async ValueTask<CallerAgent> Take(CancellationToken cancellationToken) =>
        _free.TryTake(out var caller) ? caller : await Another(cancellationToken);

    /// <summary>Her alert is closed.</summary>
    public void Free(CallerAgent caller) => _free.Add(caller);

    private async Task<CallerAgent> Another(CancellationToken cancellationToken)
    {
        var index = Interlocked.Increment(ref _lastCaller);
        var api = await population.Caller(index, cancellationToken);
        _callers.Add(api);
        return new CallerAgent(new Person(api, new Random(options.Seed * 7_368_787 + index)), options, pace, journal, log);
    }

    private static ParallelOptions AtOnce(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = SignInsAtOnce, CancellationToken = cancellationToken };
}
