using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sos.Embedded.Storage;

namespace Sos.Benchmarks.Storage;

/// <summary>The record store alone: saturated by many callers, then offered a fixed rate, then started over a full file.</summary>
internal static class StoreBenchmark
{
    private const int RecordBytes = 1200;

    public static async Task<int> Run(string[] args)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Directory.GetCurrentDirectory(), $"store-benchmark-{Environment.ProcessId}")).FullName;
        try
        {
            using (var store = Open(folder))
            {
                await Commits(store);
                await Offered(store, 200, TimeSpan.FromSeconds(10));
                await Offered(store, 3000, TimeSpan.FromSeconds(5));
                await Saturated(store, "inserts, acceptance lane", 1024, insert: true);
                await Saturated(store, "updates, ordinary lane", 1024, insert: false);
            }

            await Start(folder);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SqliteRecordStore Open(string folder) => new(
        new RecordStoreOptions { DataDirectory = folder }, TimeProvider.System, NullLogger<SqliteRecordStore>.Instance, failure => Environment.FailFast("The disk failed", failure));

    private static async Task Commits(SqliteRecordStore store)
    {
        var version = 0L;
        var data = new byte[RecordBytes];
        var latencies = new List<double>();
        for (var i = 0; i < 2000; i++)
        {
            var start = Stopwatch.GetTimestamp();
            version = await store.Write(new RecordKey("single", "a"), data, version, WriteLane.Ordinary);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Print("one caller, one commit a write", latencies, latencies.Sum() / 1000);
    }

    private static async Task Saturated(SqliteRecordStore store, string name, int callers, bool insert)
    {
        var stop = TimeSpan.FromSeconds(5);
        var begin = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var data = new byte[RecordBytes];
            var latencies = new List<double>();
            var version = 0L;
            for (var i = 0; Stopwatch.GetElapsedTime(begin) < stop; i++)
            {
                var start = Stopwatch.GetTimestamp();
                if (insert) await store.Write(new RecordKey("insert", Guid.CreateVersion7().ToString("N")), data, 0, WriteLane.Acceptance);
                else version = await store.Write(new RecordKey("update", $"{caller:0000}"), data, version, WriteLane.Ordinary);
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return latencies;
        })));
        Print($"{callers} callers, {name}", all.SelectMany(latencies => latencies).ToList(), Stopwatch.GetElapsedTime(begin).TotalSeconds);
    }

    private static async Task Offered(SqliteRecordStore store, int rate, TimeSpan span)
    {
        var data = new byte[RecordBytes];
        var writes = new List<Task<double>>();
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < rate * span.TotalSeconds; i++)
        {
            // Sleeps at least a millisecond, so higher rates come in small bursts; shorter sleeps would spin and take a core away.
            var due = begin + (long)(i * (double)Stopwatch.Frequency / rate);
            while (Stopwatch.GetTimestamp() < due) Thread.Sleep(1);
            writes.Add(One());
        }

        Print($"{rate}/s offered, inserts", [.. await Task.WhenAll(writes)], Stopwatch.GetElapsedTime(begin).TotalSeconds);

        // Nobody waits for an answer before the next is sent, so a slow store cannot slow its own test down.
        async Task<double> One()
        {
            var start = Stopwatch.GetTimestamp();
            await store.Write(new RecordKey("offered", Guid.CreateVersion7().ToString("N")), data, 0, WriteLane.Acceptance);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static async Task Start(string folder)
    {
        var bytes = new FileInfo(Path.Combine(folder, "sos.db")).Length;
        var start = Stopwatch.GetTimestamp();
        using var store = Open(folder);
        await store.Scan("insert", null, 1);
        Console.WriteLine($"start over a file of {bytes / 1_000_000:N0} MB, first read answered: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:N1} ms");
    }

    private static void Print(string name, List<double> latencies, double seconds)
    {
        latencies.Sort();
        double At(double share) => latencies[(int)(share * (latencies.Count - 1))];
        Console.WriteLine($"{name,-44} {latencies.Count / seconds,9:N0}/s   p50 {At(0.5),7:N2}   p99 {At(0.99),7:N2}   max {latencies[^1],7:N2} ms");
    }
}
