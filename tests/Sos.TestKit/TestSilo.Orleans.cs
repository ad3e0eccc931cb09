using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Sos.Contracts.Operations;

namespace Sos.TestKit;

/// <summary>What survives a stop and a crash of a silo of Microsoft Orleans in a test: states and reminders, in memory.</summary>
public sealed class SosTestStorage
{
    internal SharedGrainStorage.Records Records { get; } = new();

    internal SharedReminderTable Reminders { get; } = new();

    /// <summary>Lets a whole server, which without a database keeps everything in its own memory, find here what it had stored before a stop.</summary>
    /// <param name="services">The server's services, with its silo.</param>
    public void KeepFor(IServiceCollection services)
    {
        var run = new RunClock(TimeProvider.System);
        services.Replace(ServiceDescriptor.Singleton<IReminderTable>(Reminders));
        foreach (var name in (string[])[StorageNames.Records, StorageNames.Large])
        {
            services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => new SharedGrainStorage(name, Records, provider.GetRequiredService<IGrainStorageSerializer>(), run));
        }
    }
}

/// <summary>Puts a silo of Microsoft Orleans into a test's host.</summary>
internal static class TestSilo
{
    /// <summary>The longest way of the clock on which the grains are waited for at every timer: none, since each would cost the whole of <see cref="LongestSettling"/>.</summary>
    public static readonly TimeSpan LongestWatched = TimeSpan.Zero;

    /// <summary>How long a test waits for the grains before it moves the clock. It cannot be asked, so this is how long everything takes.</summary>
    public static readonly TimeSpan LongestSettling = TimeSpan.FromMilliseconds(2);

    public static void AddTo(IHostApplicationBuilder host, SosTestHostOptions options, RunClock run) => host.UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(FreePort(), gatewayPort: 0)
            .AddReminders()
            .AddMemoryStreams(StreamNames.Provider, streams => streams.ConfigureStreamPubSub(
                options.ExplicitSubscriptions ? StreamPubSubType.ExplicitGrainBasedAndImplicit : StreamPubSubType.ImplicitOnly));
        silo.Services.AddSingleton<IReminderTable>(options.Storage.Reminders);
        foreach (var name in (string[])[StorageNames.Records, StorageNames.Large])
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) => new SharedGrainStorage(name, options.Storage.Records, services.GetRequiredService<IGrainStorageSerializer>(), run));
        }

        UseClock(silo.Services, run);
        options.Silo?.Invoke(silo);
    });

    /// <summary>Nobody can ask a silo of Microsoft Orleans whether it has work left: a test waits its longest.</summary>
    public static bool IsQuiet(IHost host) => false;

    /// <summary>A silo in this process cannot be killed; even a stop that is cancelled tells the grains. So it is left alone, without clock and storage, and disposed of with the test's host.</summary>
    public static Task Crash(IHost host) => Task.CompletedTask;

    // The silo's own loops stay on the system's clock: they would spin if a test moved theirs by an hour.
    private static void UseClock(IServiceCollection services, RunClock time)
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        services.AddKeyedSingleton(KeyedService.AnyKey, (_, _) => TimeProvider.System);
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, time);
        services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, time);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
