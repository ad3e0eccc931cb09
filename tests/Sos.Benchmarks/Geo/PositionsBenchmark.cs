using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Geo;

namespace Sos.Benchmarks.Geo;

/// <summary>Position reports: into the index alone, into cells through grains, through a responder's grain into its cell, and by Redis GEOADD.</summary>
internal static class PositionsBenchmark
{
    private const int People = 100_000;
    private const int Responders = 20_000;
    private const int Callers = 64;
    private const int PipelineDepth = 100;

    public static async Task<int> Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var crowd = new Crowd(People, 15_000);
        Console.WriteLine($"{People:N0} people in a city of 15 km, {Callers} callers, {seconds} s each");
        Console.WriteLine($"{"",-52}{"reports/s",12}{"B/report",10}");
        Index("index, one thread", crowd, seconds);
        await Cells(crowd, seconds);
        await ThroughResponders(crowd, seconds);
        using var redis = await RedisPeer.TryStart();
        if (redis is null) return 0;
        Redis(redis, "redis GEOADD, one connection, one at a time", crowd, seconds, 1);
        Redis(redis, $"redis GEOADD, one connection, pipelines of {PipelineDepth}", crowd, seconds, PipelineDepth);
        return 0;
    }

    private static void Index(string name, Crowd crowd, double seconds)
    {
        var index = new GeocellIndex(crowd.Entries[0].Point, new GeoOptions());
        var now = DateTimeOffset.UtcNow;
        var (watch, allocated, reports) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(precise: true), 0L);
        for (; (reports & 1023) != 0 || watch.Elapsed.TotalSeconds < seconds; reports++)
        {
            if (!index.Upsert(Crowd.Next(crowd.Entries[reports % People], 2 + reports), now)) throw new InvalidOperationException("A report was not taken.");
        }

        Print(name, reports, watch, allocated);
    }

    private static async Task Cells(Crowd crowd, double seconds)
    {
        await using var silo = await GeoSilo.Start();
        var cells = crowd.Entries.Select(e => silo.Grains.GetGrain<IGeocellGrain>(GeocellId.Of(e.Point).ToString())).ToArray();
        Task Report(int person, long seq) => cells[person].Report(Crowd.Next(crowd.Entries[person], seq));
        await Measure("cells through grains (warm-up)", seconds, People, Report);
        await Measure("cells through grains", seconds, People, Report);

        var stadium = silo.Grains.GetGrain<IGeocellGrain>(GeocellId.Of(crowd.Entries[0].Point).ToString());
        await Measure("one cell with everybody in it", seconds, People, (person, seq) => stadium.Report(Crowd.Next(crowd.Entries[person], seq) with { Point = crowd.Entries[0].Point }));
    }

    private static async Task ThroughResponders(Crowd crowd, double seconds)
    {
        await using var silo = await GeoSilo.Start();
        var responders = crowd.Entries.Take(Responders).Select(e => silo.Grains.GetGrain<IResponderGrain>(e.Person)).ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, Responders), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) =>
        {
            await responders[i].Clear(new ResponderClearance(true, Capabilities.Medical, "Ada"));
            await responders[i].SetDuty(new DutyChange(true, null, null));
        });
        Task Report(int person, long seq) => responders[person].Report(new PositionReport(Crowd.Next(crowd.Entries[person], seq).Point, null, DateTimeOffset.UtcNow));
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, Responders), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) => await Report(i, 1));
        Console.WriteLine($"{$"first positions of {Responders:N0} (cell and roster written)",-52}{Responders / watch.Elapsed.TotalSeconds,12:N0}");
        await Measure("responder's grain and her cell (warm-up)", seconds, Responders, Report);
        await Measure("responder's grain and her cell", seconds, Responders, Report);
        await Restart(silo, crowd);
    }

    /// <summary>From the first search after a restart, without any heartbeat, until 100 places all over the city have somebody within 5 km (at first she is known by her cell).</summary>
    private static async Task Restart(GeoSilo silo, Crowd crowd)
    {
        await silo.Restart();
        var search = silo.Services.GetRequiredService<NearbySearch>();
        var places = Enumerable.Range(0, 100).Select(_ => crowd.Somewhere()).ToList();
        var watch = Stopwatch.StartNew();
        while (places.Count > 0)
        {
            foreach (var place in places.ToList())
            {
                if ((await search.Find(place, Distance.FromKilometres(5), 1)).Hits.Length > 0) places.Remove(place);
            }

            if (watch.Elapsed.TotalSeconds > 60) throw new InvalidOperationException($"{places.Count} places have nobody.");
        }

        Console.WriteLine($"restart: first search to {Responders:N0} back in their cells, stale: {watch.Elapsed.TotalSeconds:F2} s");
    }

    private static void Redis(RedisPeer redis, string name, Crowd crowd, double seconds, int depth)
    {
        var (watch, allocated, reports) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(precise: true), 0L);
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            for (var i = 0; i < depth; i++, reports++)
            {
                var entry = Crowd.Next(crowd.Entries[reports % People], reports / People);
                redis.Queue("GEOADD", "people", Crowd.Text(entry.Point.Longitude), Crowd.Text(entry.Point.Latitude), entry.Person.ToString("N"));
            }

            redis.Flush(depth);
        }

        Print(name, reports, watch, allocated);
    }

    private static async Task Measure(string name, double seconds, int people, Func<int, long, Task> report)
    {
        var (watch, allocated) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(precise: true));
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var reports = 0L;
            for (var person = caller; watch.Elapsed.TotalSeconds < seconds; person = (person + Callers) % people)
            {
                await report(person, Stopwatch.GetTimestamp());
                reports++;
            }

            return reports;
        })));
        Print(name, counts.Sum(), watch, allocated);
    }

    private static void Print(string name, long reports, Stopwatch watch, long allocatedBefore)
    {
        var seconds = watch.Elapsed.TotalSeconds;
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / Math.Max(1, reports);
        Console.WriteLine($"{name,-52}{reports / seconds,12:N0}{bytes,10:N0}");
    }
}
