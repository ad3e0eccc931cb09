using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Sos.Contracts.Operations;
using Sos.Embedded;
using Sos.Embedded.Reminders;
using Sos.Embedded.Runtime;
using Sos.Embedded.State;
using Sos.Embedded.Storage;
using Sos.Embedded.Streams;

namespace Sos.TestKit;

/// <summary>What survives a stop and a crash of an embedded silo in a test: records, in memory.</summary>
public sealed class SosTestStorage
{
    internal MemoryRecordStore Records { get; } = new(new RecordStoreOptions());

    /// <summary>Nothing to do: a whole server finds in its data folder what it had stored before a stop.</summary>
    /// <param name="services">The server's services, with its silo.</param>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "The same call on every runtime.")]
    public void KeepFor(IServiceCollection services)
    {
    }
}

/// <summary>Puts an embedded silo into a test's host.</summary>
internal static class TestSilo
{
    /// <summary>The longest way of the clock on which the grains are waited for at every timer.</summary>
    public static readonly TimeSpan LongestWatched = TimeSpan.FromMinutes(5);

    /// <summary>How long a test waits for the grains before it moves the clock. A grain that has work for so long is one that a test keeps busy.</summary>
    public static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(1);

    public static void AddTo(IHostApplicationBuilder host, SosTestHostOptions options, RunClock run)
    {
        host.Services.AddSingleton<CountedEnvironment>().AddSingleton<SiloEnvironment>(services => services.GetRequiredService<CountedEnvironment>());
        host.UseSosEmbedded(silo => AddTo(silo, options, run));
    }

    /// <summary>Whether no grain has anything to do but to wait for the clock.</summary>
    public static bool IsQuiet(IHost host) => host.Services.GetRequiredService<CountedEnvironment>().IsQuiet;

    private static void AddTo(ISiloBuilder silo, SosTestHostOptions options, RunClock run)
    {
        silo.AddRecordStore(_ => new RunRecordStore(options.Storage.Records, run))
            .AddRecordGrainStorage(StorageNames.Records)
            .AddRecordGrainStorage(StorageNames.Large)
            .AddRecordReminders()
            .AddEmbeddedStreams(StreamNames.Provider);
        options.Silo?.Invoke(silo);
    }

    /// <summary>Lets no call in any more. Clock and storage of the run are cut off already.</summary>
    public static Task Crash(IHost host)
    {
        host.Services.GetRequiredService<Silo>().Close();
        return Task.CompletedTask;
    }

    /// <summary>The record store as one run sees it: after its crash nothing is stored any more.</summary>
    private sealed class RunRecordStore(IRecordStore records, RunClock run) : IRecordStore
    {
        public ValueTask<StoredRecord?> Read(RecordKey key) => records.Read(key);

        public ValueTask<long> Write(RecordKey key, ReadOnlyMemory<byte> data, long expectedVersion, WriteLane lane)
            => run.IsCut ? ValueTask.FromException<long>(Crashed()) : records.Write(key, data, expectedVersion, lane);

        public ValueTask Delete(RecordKey key, long expectedVersion, WriteLane lane)
            => run.IsCut ? ValueTask.FromException(Crashed()) : records.Delete(key, expectedVersion, lane);

        public ValueTask<RecordPage> Scan(string kind, string? after, int limit) => records.Scan(kind, after, limit);

        private static InvalidOperationException Crashed() => new("This silo has crashed.");
    }
}
