using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Orleans.Storage;

namespace Sos.TestKit;

/// <summary>What a <see cref="SosTestHost"/> is made of.</summary>
public sealed class SosTestHostOptions
{
    /// <summary>The clock of the grains and of everything that asks for a <see cref="TimeProvider"/>. The system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What survives a stop and a crash.</summary>
    public SosTestStorage Storage { get; init; } = new();

    /// <summary>
    /// Whether grains may subscribe to streams by themselves. The product's may not: Orleans would keep such subscriptions in the storage of the
    /// stream provider's name, which is the product's and stores no type but its own.
    /// </summary>
    public bool ExplicitSubscriptions { get; init; }

    /// <summary>Adds to the host, before the silo.</summary>
    public Action<IHostApplicationBuilder>? Host { get; init; }

    /// <summary>Adds to the silo: slices, filters, services.</summary>
    public Action<ISiloBuilder>? Silo { get; init; }
}

/// <summary>
/// A host in this process with one silo in it, on whichever runtime the build chose, with stored states, reminders and streams under the
/// product's names (see <see cref="TestSilo"/>). It can be stopped or crash, and start again on what it had stored.
/// </summary>
public sealed class SosTestHost : IAsyncDisposable
{
    private readonly SosTestHostOptions _options;
    private readonly List<IHost> _crashed = [];
    private IHost? _host;
    private RunClock? _clock;

    private SosTestHost(SosTestHostOptions options) => _options = options;

    /// <summary>Calls grains, as a service inside the host does.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Calls grains from outside the silo.</summary>
    public IClusterClient Client => Services.GetRequiredService<IClusterClient>();

    /// <summary>The services of the running host.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public IServiceProvider Services => _host?.Services ?? throw new InvalidOperationException("The test host does not run.");

    /// <summary>The clock, where the options gave a manual one.</summary>
    public ManualTimeProvider Time => (ManualTimeProvider)_options.Time;

    /// <summary>Starts a host.</summary>
    /// <param name="options">What it is made of; the defaults where null.</param>
    public static async Task<SosTestHost> Start(SosTestHostOptions? options = null)
    {
        var host = new SosTestHost(options ?? new SosTestHostOptions());
        await host.Start();
        return host;
    }

    /// <summary>Starts it again after <see cref="Stop"/> or <see cref="Crash"/>, on what it had stored.</summary>
    public async Task Start()
    {
        if (_host is not null) throw new InvalidOperationException("The test host runs already.");
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _clock = new RunClock(_options.Time);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        _options.Host?.Invoke(builder);
        TestSilo.AddTo(builder, _options, _clock);
        builder.Services.TryAddSingleton<IGrainStorageSerializer, JsonStateSerializer>();
        builder.Services.TryAddSingleton(TestKeyRing.Instance);
        var host = builder.Build();
        await host.StartAsync();
        _host = host;
    }

    /// <summary>
    /// Lets the grains, if the host runs, come to rest before the clock goes on: completes when none has work left but to wait for the clock, at the latest after 2 ms of real time on a
    /// runtime that cannot say, and after a second on one that can.
    /// </summary>
    public async Task Settle()
    {
        if (_host is not { } host) return;
        var started = Stopwatch.GetTimestamp();
        var looks = 0;
        do
        {
            // Twice: work goes from grain to grain over the thread pool.
            await Task.Yield();
            looks = TestSilo.IsQuiet(host) ? looks + 1 : 0;
        }
        while (looks < 2 && Stopwatch.GetElapsedTime(started) < TestSilo.LongestSettling);
    }

    /// <summary>
    /// Moves the manual clock as a slow real one would move: the grains come to rest before it, at every timer on the way, and after it. On a longer way than the
    /// runtime allows for (<see cref="TestSilo.LongestWatched"/>) they are not waited for.
    /// </summary>
    /// <param name="span">How far; not negative.</param>
    public async Task Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        await Settle();
        var end = Time.GetUtcNow() + span;
        while (Time.MoveToNext(end))
        {
            if (span <= TestSilo.LongestWatched) await Settle();
        }

        await Settle();
    }

    /// <summary>Stops it in order: requests end, activations are told.</summary>
    public async Task Stop()
    {
        if (Interlocked.Exchange(ref _host, null) is not { } host) return;
        await host.StopAsync();
        await Dispose(host);
    }

    /// <summary>
    /// Takes the silo away as a killed process is: no grain is told, its timers are gone, and nothing it still does reaches the storage.
    /// </summary>
    public async Task Crash()
    {
        if (Interlocked.Exchange(ref _host, null) is not { } host) return;
        _clock?.Cut();
        await TestSilo.Crash(host);
        _crashed.Add(host);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        foreach (var host in _crashed) await Dispose(host);
    }

    private static async Task Dispose(IHost host)
    {
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else host.Dispose();
    }
}
