using System.Net;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;
using Orleans.Storage;
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

    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(5);

    /// <summary>An activation that nobody calls for so long is put away, as by the embedded runtime.</summary>
    private static readonly TimeSpan IdleAge = TimeSpan.FromMinutes(15);

    /// <summary>Calls waiting at one activation: told in the log from here.</summary>
    private const int LongQueue = 1_000;

    /// <summary>Calls waiting at one activation: refused from here.</summary>
    private const int LongestQueue = 10_000;

    /// <summary>Adds the silo with everything the grains need.</summary>
    /// <exception cref="StartupException">The settings cannot work.</exception>
    public static WebApplicationBuilder AddSilo(this WebApplicationBuilder builder)
    {
        var options = OrleansSiloOptions.From(builder.Configuration);
        builder.Services.AddSingleton<DataFolder>();
        var database = options.Database is { Length: > 0 } connection ? new PostgresDatabase(connection) : null;
        if (database is not null) builder.Services.AddHostedService(_ => new PostgresPreparation(database));
        else if (!builder.Environment.IsDevelopment() && !options.AllowMemory)
            throw new StartupException($"{OrleansSiloOptions.Section}:{nameof(OrleansSiloOptions.Database)} is not set, and what is kept in memory is lost with the process; name a PostgreSQL database, or use the embedded build for one machine.");
        else builder.Services.AddHostedService<FolderLock>();

        builder.UseOrleans(silo =>
        {
            if (database is not null) silo.AddDatabase(options, database.ConnectionString);
            else silo.AddMemory(options);
            silo.AddLimits(options);
            silo.AddActivityPropagation();
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

    private static void AddLimits(this ISiloBuilder silo, OrleansSiloOptions options)
    {
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = ResponseTimeout;

            // A grain that cannot keep up says so; waiting calls would time out one after the other and fill the memory meanwhile.
            messaging.MaxEnqueuedRequestsSoftLimit = LongQueue;
            messaging.MaxEnqueuedRequestsHardLimit = LongestQueue;
        });
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionAge = IdleAge;

            // What is idle leaves early when the memory fills: everything comes up again from what is stored.
            collection.EnableActivationSheddingOnMemoryPressure = true;
        });
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = options.ProbeEvery;

            // A start waits for silos that were alive by the table a moment ago; after a crash of all of them there are none.
            membership.IAmAliveTablePublishTimeout = AliveEvery;
            membership.TableRefreshTimeout = 2 * AliveEvery;
            membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
        });
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
        silo.AddAdoNetGrainStorage(PostgresGrainStorage.Inner, storage =>
            (storage.Invariant, storage.ConnectionString, storage.DeleteStateOnClear) = (Invariant, database, true));
        foreach (var name in (string[])[StorageNames.Records, StorageNames.Large])
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(name, static (services, _) =>
                new PostgresGrainStorage(services.GetRequiredKeyedService<IGrainStorage>(PostgresGrainStorage.Inner)));
        }
    }
}
