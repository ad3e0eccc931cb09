using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Hosting;
using Orleans.Runtime;
using Sos.Embedded.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Simulation;

/// <summary>One start of the simulated process: its services, silo and threads. Killed, it never does anything again.</summary>
internal sealed class SimulatedProcess : SiloEnvironment, IDisposable
{
    private readonly World _world;
    private readonly SimulatedCarrier _carrier;
    private readonly TaskCompletionSource _died = new();
    private ExactDeadlines? _deadlines;
    private IHostedService[] _services = [];

    public SimulatedProcess(World world, int number, Action<ISiloBuilder> configure, IConfiguration configuration)
    {
        _world = world;
        _carrier = new SimulatedCarrier(world, this);
        Incarnation = number.ToString(CultureInfo.InvariantCulture);
        Scheduler = new SimulatedScheduler(world, this);
        TimeProvider = new VirtualTimeProvider(world, this);
        Turns = new SimulatedTurns(world, this);
        Clock = new VirtualCallClock(world);

        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider);
        services.AddSingleton<SiloEnvironment>(this);
        services.AddSingleton(configuration);
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        EmbeddedHosting.AddRuntime(services);
        services.AddHostedService<SiloService>();
        configure(new EmbeddedHosting.SiloBuilder(services, configuration));
        Services = services.BuildServiceProvider(validateScopes: true);
    }

    public bool IsAlive { get; private set; } = true;

    public IServiceProvider Services { get; }

    public TimeProvider TimeProvider { get; }

    public SimulatedScheduler Scheduler { get; }

    public override ITurnScheduler Turns { get; }

    public override CallClock Clock { get; }

    public override TimeProvider LifeClock => TimeProvider;

    public override TaskScheduler Background => Scheduler;

    public override string Incarnation { get; }

    public override bool HoldsObservers => true;

    public override ICallCarrier Carrier => _carrier;

    public override CallDeadlines MakeDeadlines(Action<GrainCall> expire) => _deadlines = new ExactDeadlines(_world, this, Clock, expire);

    // Nothing is run in line by a simulated scheduler, so every stack is a stack of its own.
    public override void RunElsewhere(Action<object?> action, object? state) => action(state);

    public Task Start() => InProcess(async () =>
    {
        _services = [.. Services.GetServices<IHostedService>()];
        foreach (var service in _services)
            await StartService(service);
    });

    public async Task Stop()
    {
        await InProcess(async () =>
        {
            foreach (var service in _services.Reverse())
            {
                if (service is not BackgroundService) await service.StopAsync(CancellationToken.None);
            }
        });
        Kill();
    }

    public void Dispose() => Kill();

    /// <summary>Ends everything at this very point. Callers outside see their connections break; nobody inside sees anything.</summary>
    public void Kill()
    {
        if (!IsAlive) return;

        IsAlive = false;
        _world.DropDead();
        Services.GetRequiredService<Silo>().Close();
        var broken = new SiloUnavailableException("The process of the silo was killed. The outcome of the call is unknown.");
        foreach (var call in _carrier.OnTheWay.Concat(_deadlines?.Pending ?? []).Where(call => call.Source is null).ToArray())
            call.Fail(broken);
        _died.TrySetResult();
    }

    /// <summary>What callers wait for, for the message of a simulation that is stuck.</summary>
    public string Describe()
    {
        var waiting = _deadlines?.Pending.Select(call => call.Method.ToString()).Distinct().Take(10).ToArray() ?? [];
        return waiting.Length == 0 ? "no call is unanswered" : $"unanswered: {string.Join(", ", waiting)}";
    }

    private async Task InProcess(Func<Task> work)
    {
        var done = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();
        if (await Task.WhenAny(done, _died.Task) != done && !done.IsCompleted) throw new SiloUnavailableException("The process was killed meanwhile.");

        await done;
    }

    // The base class would start it on the thread pool.
    private Task StartService(IHostedService service)
    {
        if (service is not BackgroundService) return service.StartAsync(CancellationToken.None);

        var execute = typeof(BackgroundService).GetMethod("ExecuteAsync", BindingFlags.Instance | BindingFlags.NonPublic)!;
        _ = (Task)execute.Invoke(service, [CancellationToken.None])!;
        return Task.CompletedTask;
    }
}
