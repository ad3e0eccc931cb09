using System.Diagnostics;
using System.Runtime.Intrinsics;
using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Geo;
using Sos.Grains.Geo;

namespace Sos.Benchmarks.Geo;

/// <summary>The nearest 10 within 5 km of 100,000 people: in the index, through grains, and by Redis GEOSEARCH over the same people and centres.</summary>
internal static class CellsBenchmark
{
    private const int People = 100_000;
    private const int Searches = 2_000;
    private static readonly Distance Radius = Distance.FromKilometres(5);

    public static async Task<int> Run(string[] args)
    {
        Console.WriteLine($"nearest 10 within 5 km of {People:N0}, {Searches:N0} searches one after the other, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 32)} bits");
        Console.WriteLine($"{"",-44}{"p50 µs",9}{"p99 µs",9}{"B/search",10}");
        await Cold(3);
        await Cold(25);
        using var redis = await RedisPeer.TryStart();
        foreach (var (name, metres) in new[] { ("stadium, 400 m, one cell", 400.0), ("all within 5 km", 5_000.0), ("city, 15 km", 15_000.0) })
        {
            var crowd = new Crowd(People, metres);
            var centres = Enumerable.Range(0, Searches).Select(_ => crowd.Somewhere()).ToArray();
            await Index($"index      {name}", crowd, centres);
            await ThroughGrains($"grains     {name}", crowd, centres);
            if (redis is not null) await Redis(redis, $"redis      {name}", crowd, centres);
        }

        return 0;
    }

    /// <summary>The first search of a silo: every cell activates, and asks the rosters of its area, which are read from the store.</summary>
    private static async Task Cold(double kilometres)
    {
        await using var silo = await GeoSilo.Start();
        var search = silo.Services.GetRequiredService<NearbySearch>();
        var micros = new List<double>();
        foreach (var centre in Enumerable.Range(0, 20).Select(i => new GeoPoint(48 + 2 * (i % 5), 4 * (i / 5))))
        {
            var start = Stopwatch.GetTimestamp();
            await search.Find(centre, Distance.FromKilometres(kilometres), 10);
            micros.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        micros.Sort();
        Console.WriteLine($"{$"grains     cold, {kilometres} km, nobody there",-44}{micros[micros.Count / 2],9:N0}{micros[^1],9:N0}");
    }

    private static Task Index(string name, Crowd crowd, GeoPoint[] centres)
    {
        var index = new GeocellIndex(centres[0], new GeoOptions());
        var now = DateTimeOffset.UtcNow;
        foreach (var entry in crowd.Entries) index.Upsert(entry, now);
        return Measure(name, centres, centre =>
        {
            Found(index.Nearest(new CellQuery(centre, Radius, 10), now).Length);
            return Task.CompletedTask;
        });
    }

    private static async Task ThroughGrains(string name, Crowd crowd, GeoPoint[] centres)
    {
        await using var silo = await GeoSilo.Start();
        foreach (var entry in crowd.Entries) await silo.Grains.GetGrain<IGeocellGrain>(GeocellId.Of(entry.Point).ToString()).Report(entry);
        var search = silo.Services.GetRequiredService<NearbySearch>();
        await Measure(name, centres, async centre => Found((await search.Find(centre, Radius, 10)).Hits.Length));
    }

    private static Task Redis(RedisPeer redis, string name, Crowd crowd, GeoPoint[] centres)
    {
        redis.Queue("FLUSHALL");
        redis.Flush(1);
        foreach (var batch in crowd.Entries.Chunk(500))
        {
            foreach (var entry in batch) redis.Queue("GEOADD", "people", Crowd.Text(entry.Point.Longitude), Crowd.Text(entry.Point.Latitude), entry.Person.ToString("N"));
            redis.Flush(batch.Length);
        }

        return Measure(name, centres, centre =>
        {
            redis.Queue("GEOSEARCH", "people", "FROMLONLAT", Crowd.Text(centre.Longitude), Crowd.Text(centre.Latitude), "BYRADIUS", "5", "km", "ASC", "COUNT", "10", "WITHDIST");
            Found(redis.Flush(1));
            return Task.CompletedTask;
        });
    }

    private static void Found(int hits)
    {
        if (hits != 10) throw new InvalidOperationException($"{hits} were found, not 10.");
    }

    private static async Task Measure(string name, GeoPoint[] centres, Func<GeoPoint, Task> search)
    {
        // Long enough for the code to have been compiled a second time.
        var warmUp = Stopwatch.StartNew();
        for (var i = 0; warmUp.Elapsed.TotalSeconds < 1; i++) await search(centres[i % centres.Length]);
        var micros = new double[centres.Length];
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < centres.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await search(centres[i]);
            micros[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / centres.Length;
        Array.Sort(micros);
        Console.WriteLine($"{name,-44}{micros[micros.Length / 2],9:N0}{micros[micros.Length * 99 / 100],9:N0}{bytes,10:N0}");
    }
}
