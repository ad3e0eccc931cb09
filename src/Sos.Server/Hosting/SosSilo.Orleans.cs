using System.Net;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;
using Orleans.Streams;
using Sos.Contracts.Operations;
using Sos.Grains;

namespace Sos.Server.Hosting;

/// <summary>
/// The silo of the Orleans build: alone on this machine with everything in memory, or one of several that meet, store and remember in a
/// PostgreSQL database.
/// </summary>
internal static class SosSilo
{
    /// <summary>What the grains run on.</summary>
    public const string Runtime = "orleans";

    private const string Invariant = "Npgsql";

    /// <summary>A caller waits no longer than an HTTP request does; the alert's own calls say less.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds the silo with everything the grains need.</summary>
    public static WebApplicationBuilder AddSilo(this WebApplicationBuilder builder)
    {
        var options = new OrleansSiloOptions();
        builder.Configuration.GetSection(OrleansSiloOptions.Section).Bind(options);
        options.Check();
        builder.Services.AddSingleton<DataFolder>();
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
            if (options.Database is { Length: > 0 } database) silo.AddDatabase(options, database);
            else silo.AddMemory(options);
            silo.AddMemoryStreams(StreamNames.Provider, streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly));
            silo.AddSosGrains();
            silo.UseClocks();
        });
        builder.Services.AddHostedService<SweepOnLoss>();
        return builder;
    }

    /// <summary>True when the database had no room: nothing was written.</summary>
    public static bool IsStoreFull(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DiskFull } || exception.InnerException is { } inner && IsStoreFull(inner);

    /// <summary>The sentence for a data folder that cannot be used, or null. Here it holds only keys, which say so themselves.</summary>
    public static string? FolderRefusal(Exception failure) => null;

    /// <summary>
    /// Grains and reminders go by the service's clock. The silo's own loops and the age of calls stay on the machine's: they would stand
    /// still or spin when a test moves the other.
    /// </summary>
    private static void UseClocks(this ISiloBuilder silo)
    {
        silo.Services.AddKeyedSingleton(KeyedService.AnyKey, (_, _) => TimeProvider.System);
        foreach (var area in (string[])[TimeProviderNames.Grains, ReminderTimeProviderNames.Reminders])
        {
            silo.Services.AddKeyedSingleton(area, (services, _) => services.GetRequiredService<TimeProvider>());
        }
    }

    private static void AddMemory(this ISiloBuilder silo, OrleansSiloOptions options) => silo
        .UseLocalhostClustering(options.PortToListenOn(), gatewayPort: 0, serviceId: options.ServiceId, clusterId: options.ClusterId)
        .UseInMemoryReminderService()
        .AddMemoryGrainStorage(StorageNames.Records)
        .AddMemoryGrainStorage(StorageNames.Large);

    private static void AddDatabase(this ISiloBuilder silo, OrleansSiloOptions options, string database)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.ConfigureEndpoints(options.Address is { Length: > 0 } address ? IPAddress.Parse(address) : IPAddress.Loopback, options.PortToListenOn(), gatewayPort: 0, listenOnAnyHostAddress: options.Address is { Length: > 0 });
        silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (Invariant, database));
        silo.UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.ConnectionString) = (Invariant, database));
        foreach (var name in (string[])[StorageNames.Records, StorageNames.Large])
        {
            silo.AddAdoNetGrainStorage(name, storage => (storage.Invariant, storage.ConnectionString) = (Invariant, database));
        }
    }
}
