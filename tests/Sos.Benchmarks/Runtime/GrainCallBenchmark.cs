using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Sos.Benchmarks.Runtime;

/// <summary>Calls with a record, 1,000 grains, 64 callers, beside a mailbox actor written by hand.</summary>
internal static class GrainCallBenchmark
{
    private const int Grains = 1_000;
    private const int Callers = 64;

    public static async Task<int> Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        BenchmarkSilo.AddBare(builder);
        using var host = builder.Build();
        await host.StartAsync();
        var factory = host.Services.GetRequiredService<IGrainFactory>();
        var grains = Enumerable.Range(0, Grains).Select(i => factory.GetGrain<ITrackedGrain>($"tracked-{i}")).ToArray();
        var actors = Enumerable.Range(0, Grains).Select(_ => new ChannelActor()).ToArray();

        Console.WriteLine($"{Grains} targets, {Callers} callers, {seconds} s each, {Environment.ProcessorCount} processors");
        Console.WriteLine($"{"",-28}{"calls/s",12}{"B/call",10}");
        for (var round = 0; round < 2; round++)
        {
            var label = round == 0 ? " (warm-up)" : "";
            await Measure($"{BenchmarkSilo.Name} grain{label}", seconds, (i, fix) => grains[i].Report(fix));
            await Measure($"channel actor{label}", seconds, (i, fix) => actors[i].Report(fix));
        }

        await Measure($"{BenchmarkSilo.Name} grain, GetGrain too", seconds, (i, fix) => factory.GetGrain<ITrackedGrain>("tracked-7").Report(fix));
        foreach (var actor in actors)
            actor.Stop();
        await host.StopAsync();
        return 0;
    }

    private static async Task Measure(string name, double seconds, Func<int, Fix, Task<long>> call)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Call(caller, watch, seconds, call))));
        var elapsed = watch.Elapsed.TotalSeconds;
        var calls = counts.Sum();
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)calls;
        Console.WriteLine($"{name,-28}{calls / elapsed,12:N0}{bytes,10:N0}");
    }

    private static async Task<long> Call(int caller, Stopwatch watch, double seconds, Func<int, Fix, Task<long>> call)
    {
        long calls = 0;
        for (var i = caller; watch.Elapsed.TotalSeconds < seconds; i += 61)
        {
            await call(i % Grains, new Fix(51.5, -0.1, calls));
            calls++;
        }

        return calls;
    }
}
