using Microsoft.Extensions.Hosting;
using Sos.Benchmarks.Privacy;
using Sos.Benchmarks.Storage;
using Sos.Contracts.Operations;
using Sos.Embedded;
using Sos.Embedded.Reminders;
using Sos.Embedded.State;
using Sos.Embedded.Storage;
using Sos.Embedded.Streams;
using Sos.Grains;

namespace Sos.Benchmarks;

/// <summary>The silo under measurement: the embedded runtime and its SQLite store.</summary>
internal static class BenchmarkSilo
{
    public const string Name = "embedded";

    /// <summary>What the product stores is in a folder.</summary>
    public static bool StoresInFolder => true;

    /// <summary>A silo with nothing but grains that store nothing.</summary>
    public static void AddBare(IHostApplicationBuilder host) => host.UseSosEmbedded(_ => { });

    /// <summary>The product's silo, with what it stores in a folder.</summary>
    public static void AddProduct(IHostApplicationBuilder host, string folder) => host.UseSosEmbedded(silo => silo
        .AddSqliteRecordStore(store => store.DataDirectory = folder)
        .AddRecordGrainStorage(StorageNames.Records)
        .AddRecordGrainStorage(StorageNames.Large)
        .AddRecordReminders()
        .AddEmbeddedStreams(StreamNames.Provider)
        .AddSosGrains()
        .AddOneKey());

    /// <summary>The product's silo, with everything in memory.</summary>
    public static void AddInMemory(IHostApplicationBuilder host) => host.UseSosEmbedded(silo => silo
        .AddRecordStore(_ => new MemoryRecordStore(new RecordStoreOptions()))
        .AddRecordGrainStorage(StorageNames.Records)
        .AddRecordGrainStorage(StorageNames.Large)
        .AddRecordReminders()
        .AddEmbeddedStreams(StreamNames.Provider)
        .AddSosGrains()
        .AddOneKey());

    /// <summary>What can be measured only here.</summary>
    public static void AddVerbs(VerbTable verbs) => verbs["store"] = new("grouped writes/s and latency of the embedded record store", StoreBenchmark.Run);
}
