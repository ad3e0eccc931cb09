using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Streams;
using Sos.Benchmarks.Privacy;
using Sos.Contracts.Operations;
using Sos.Grains;

namespace Sos.Benchmarks;

/// <summary>The silo under measurement: Microsoft Orleans, one silo with everything in memory.</summary>
internal static class BenchmarkSilo
{
    public const string Name = "orleans";

    /// <summary>Nothing is stored in a folder.</summary>
    public static bool StoresInFolder => false;

    /// <summary>A silo with nothing but grains that store nothing.</summary>
    public static void AddBare(IHostApplicationBuilder host) => host.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), gatewayPort: 0));

    /// <summary>The product's silo. It stores nothing in the folder.</summary>
    public static void AddProduct(IHostApplicationBuilder host, string folder) => host.UseOrleans(silo => silo
        .UseLocalhostClustering(FreePort(), gatewayPort: 0)
        .UseInMemoryReminderService()
        .AddMemoryGrainStorage(StorageNames.Records)
        .AddMemoryGrainStorage(StorageNames.Large)
        .AddMemoryStreams(StreamNames.Provider, streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly))
        .AddSosGrains()
        .AddOneKey());

    /// <summary>The product's silo, with everything in memory.</summary>
    public static void AddInMemory(IHostApplicationBuilder host) => AddProduct(host, "");

    /// <summary>What can be measured only here: nothing.</summary>
    public static void AddVerbs(VerbTable verbs)
    {
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
