using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Simulator.Load;

/// <summary>
/// Reports of positions over the hub, clients and server on one machine. Every connection sends message after message and asks for the answer of every
/// twentieth: the server handles those of a connection in their order, so what is answered says that all before it were taken.
/// </summary>
internal static class PositionLoad
{
    private const int AnswerEvery = 20;

    /// <summary>Runs it; answers the exit status.</summary>
    public static async Task<int> Run(Population population, LoadOptions options, CancellationToken cancellationToken)
    {
        var people = await LoadRun.SignIn(options.Callers, "Callers", population.Caller, cancellationToken);
        var hubs = new HubClient[people.Length];
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, people.Length, parallel, async (i, token) => hubs[i] = await people[i].Connect("alerts", _ => { }, null, token));
            await Measure(hubs, options, options.Duration / 3, "warm-up", cancellationToken);
            await Measure(hubs, options, options.Duration, "reports over the hub", cancellationToken);
            return 0;
        }
        finally
        {
            await Parallel.ForEachAsync(hubs.Where(hub => hub is not null), CancellationToken.None, async (hub, _) => await hub.DisposeAsync());
        }
    }

    private static async Task Measure(HubClient[] hubs, LoadOptions options, TimeSpan duration, string title, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(hubs.Select((hub, i) => Task.Run(() => Send(hub, new Random(options.Seed + i), began, duration), cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine($"{title}: {counts.Sum():N0} taken over {hubs.Length:N0} connections in {seconds:F1} s: {counts.Sum() / seconds:N0}/s");
    }

    // A city of 15 km, in which everybody takes a step and a step back.
    private static async Task<long> Send(HubClient hub, Random random, long began, TimeSpan duration)
    {
        var (latitude, longitude) = (46.2 + 0.13 * random.NextDouble(), -28.4 + 0.19 * random.NextDouble());
        var steps = new[] { Message(latitude, longitude), Message(latitude + 0.0001, longitude) };
        var taken = 0L;
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            for (var i = 1; i < AnswerEvery; i++) await hub.SendRaw(steps[i & 1]);
            await hub.Invoke("UpdateLocation", new { latitude, longitude, accuracy = 10 });
            taken += AnswerEvery;
        }

        return taken;
    }

    private static byte[] Message(double latitude, double longitude) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $$"""{"type":1,"target":"UpdateLocation","arguments":[{"latitude":{{latitude}},"longitude":{{longitude}},"accuracy":10}]}"""));
}
