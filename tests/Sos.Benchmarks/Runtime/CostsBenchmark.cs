using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Sos.Benchmarks.Geo;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Benchmarks.Runtime;

/// <summary>
/// What the runtime costs: a grain call with a record, an SOS and a position report, with everything kept in memory, so that both builds do
/// the same. Each run adds its column to a file and prints the table of all that is in it.
/// </summary>
internal static class CostsBenchmark
{
    private const int Callers = 64;
    private const int Grains = 1_000;
    private const int Responders = 2_000;
    private const double LongestRun = 8;

    private static readonly GeoPoint Square = new(48.1374, 11.5755);

    public static async Task<int> Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var file = args.Length > 1 ? args[1] : "costs.json";

        // Presses are held for 10 s, so that none is dispatched while others are measured.
        if (seconds is <= 0 or > LongestRun) throw new ArgumentOutOfRangeException(nameof(args), $"Give 1 to {LongestRun} seconds.");
        var measured = new List<Cost>
        {
            await Calls(seconds),
            await Presses("SOS raised, in memory", seconds, builder => BenchmarkSilo.AddInMemory(builder)),
            await Reports(seconds),
        };
        if (BenchmarkSilo.StoresInFolder)
        {
            var folder = Directory.CreateTempSubdirectory("sos-costs-").FullName;
            measured.Add(await Presses("SOS raised, on disk (fsync)", seconds, builder => BenchmarkSilo.AddProduct(builder, folder)));
            Directory.Delete(folder, recursive: true);
        }

        Print(Add(file, measured), seconds);
        return 0;
    }

    private static async Task<Cost> Calls(double seconds)
    {
        using var host = await Start(BenchmarkSilo.AddBare);
        var factory = host.Services.GetRequiredService<IGrainFactory>();
        var grains = Enumerable.Range(0, Grains).Select(i => factory.GetGrain<ITrackedGrain>($"tracked-{i}")).ToArray();
        Task Call(int caller, long i) => grains[(caller + i * 61) % Grains].Report(new Fix(51.5, -0.1, i));
        await Measure("", seconds / 2, Call);
        var cost = await Measure("grain call with a record", seconds, Call);
        await host.StopAsync();
        return cost;
    }

    private static async Task<Cost> Presses(string name, double seconds, Action<IHostApplicationBuilder> silo)
    {
        // A silo of its own for the warm-up: its presses come off hold while the others are measured.
        Cost? cost = null;
        foreach (var span in (double[])[Math.Min(2, seconds), seconds])
        {
            using var host = await Start(silo);
            var factory = host.Services.GetRequiredService<IGrainFactory>();
            cost = await Measure(name, span, (_, _) =>
            {
                var now = DateTimeOffset.UtcNow;
                var press = new RaiseCommand(Guid.CreateVersion7(now), AlertKind.Medical, new PositionFix(Square, null, now), null, false, now.AddSeconds(10), now, null, []);
                return factory.GetGrain<IAlertGrain>(Guid.CreateVersion7(now)).Raise(press);
            });
            await host.StopAsync();
        }

        return cost!;
    }

    private static async Task<Cost> Reports(double seconds)
    {
        using var host = await Start(builder => BenchmarkSilo.AddInMemory(builder));
        var factory = host.Services.GetRequiredService<IGrainFactory>();
        var crowd = new Crowd(Responders, 15_000);
        var responders = crowd.Entries.Select(e => factory.GetGrain<IResponderGrain>(e.Person)).ToArray();
        await Parallel.ForEachAsync(responders, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (responder, _) =>
        {
            await responder.Clear(new ResponderClearance(true, Capabilities.Medical, "Ada"));
            await responder.SetDuty(new DutyChange(true, null, null));
        });
        Task Report(int caller, long i)
        {
            var person = (int)((caller + i * Callers) % Responders);
            return responders[person].Report(new PositionReport(Crowd.Next(crowd.Entries[person], i).Point, null, DateTimeOffset.UtcNow));
        }

        await Measure("", seconds / 2, Report);
        var cost = await Measure("position report into a cell", seconds, Report);
        await host.StopAsync();
        return cost;
    }

    private static async Task<IHost> Start(Action<IHostApplicationBuilder> silo)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        silo(builder);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<Cost> Measure(string name, double seconds, Func<int, long, Task> act)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var own = new List<double>();
            for (long i = 0; watch.Elapsed.TotalSeconds < seconds; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await act(caller, i);
                own.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            return own;
        })));
        var elapsed = watch.Elapsed.TotalSeconds;
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var sorted = latencies.SelectMany(l => l).Order().ToArray();
        double At(double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
        return new Cost(BenchmarkSilo.Name, name, sorted.Length / elapsed, At(0.5), At(0.99), bytes / sorted.Length);
    }

    private static List<Cost> Add(string file, List<Cost> measured)
    {
        var before = File.Exists(file) ? JsonSerializer.Deserialize<List<Cost>>(File.ReadAllText(file)) ?? [] : [];
        List<Cost> all = [.. before.Where(cost => cost.Runtime != BenchmarkSilo.Name), .. measured];
        File.WriteAllText(file, JsonSerializer.Serialize(all));
        return all;
    }

    private static void Print(List<Cost> all, double seconds)
    {
        Console.WriteLine($"{Callers} callers, {seconds} s each, {Environment.ProcessorCount} processors");
        Console.WriteLine("| | runtime | /s | p50 µs | p99 µs | B each | of embedded |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var cost in all.OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Runtime, StringComparer.Ordinal))
        {
            var peer = all.Find(c => c.Name == cost.Name && c.Runtime == "embedded");
            var share = peer is null || peer == cost ? "" : $"{cost.PerSecond / peer.PerSecond:P0}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {cost.Name} | {cost.Runtime} | {cost.PerSecond:N0} | {cost.MedianMicroseconds:N0} | {cost.WorstMicroseconds:N0} | {cost.Bytes:N0} | {share} |"));
        }
    }

    private sealed record Cost(string Runtime, string Name, double PerSecond, double MedianMicroseconds, double WorstMicroseconds, long Bytes);
}
