using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;

namespace Sos.Embedded.Simulation;

/// <summary>
/// A silo in a simulated world: one thread, virtual time, turns and messages in an order that the seed chooses, and a process that can be
/// killed at any point. The same seed gives the same run, step by step.
/// </summary>
/// <remarks>
/// The script of a simulation lives outside the process, like a client, and survives its crashes. Everything that script and process await
/// must be of this world: grains, their timers, and times of the given <see cref="TimeProvider"/>. What comes back from a real thread ends
/// the simulation with a <see cref="SimulationException"/>. Observers are held strongly here, as the garbage collector knows no seed.
/// </remarks>
public sealed class SimulatedSilo : IDisposable
{
    private readonly World _world;
    private readonly Action<ISiloBuilder> _configure;
    private readonly IConfiguration _configuration;
    private SimulatedProcess? _process;
    private int _starts;

    /// <summary>Makes a world without a process; <see cref="Run(Func{Task})"/> starts the first.</summary>
    /// <param name="options">Seed, delays and limits.</param>
    /// <param name="configure">
    /// Adds slices, store and options, at every start of the process. What should survive a crash, such as a simulated disk, is made outside
    /// and handed in.
    /// </param>
    /// <param name="configuration">The configuration; null for an empty one.</param>
    public SimulatedSilo(SimulationOptions options, Action<ISiloBuilder> configure, IConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);
        _world = new World(options);
        _configure = configure;
        _configuration = configuration ?? new ConfigurationBuilder().Build();
        TimeProvider = new VirtualTimeProvider(_world, null);
    }

    /// <summary>Raised when the process is killed, before anything else: the place where a simulated disk loses what was not synced.</summary>
    public event Action? Crashed;

    /// <summary>Virtual time outside the process, for scripts and simulated disks. Timers made with it survive a crash.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>The services of the process that runs now.</summary>
    /// <exception cref="InvalidOperationException">No process runs.</exception>
    public IServiceProvider Services => Process.Services;

    /// <summary>References to the grains of the process that runs now. A reference of a killed process only fails.</summary>
    /// <exception cref="InvalidOperationException">No process runs.</exception>
    public IClusterClient Client => Services.GetRequiredService<IClusterClient>();

    /// <summary>How many pieces of work were done.</summary>
    public long Steps => _world.Steps;

    /// <summary>A hash of all choices, messages and times so far. Equal runs have equal hashes.</summary>
    public ulong TraceHash => _world.TraceValue;

    private SimulatedProcess Process => _process ?? throw new InvalidOperationException("No process runs in this simulation.");

    /// <summary>Random numbers of their own for one part of the simulation, from its seed.</summary>
    /// <param name="part">The name of the part.</param>
    public SeededRandom RandomFor(string part) => SeededRandom.For(_world.Options.Seed, part);

    /// <summary>Runs a script to its end, starting the process if none runs.</summary>
    /// <param name="script">The script. It runs on the thread of the caller.</param>
    /// <exception cref="SimulationException">The script cannot finish.</exception>
    public void Run(Func<Task> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        Run(async () =>
        {
            await script();
            return true;
        });
    }

    /// <summary>Runs a script to its end, starting the process if none runs.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="script">The script. It runs on the thread of the caller.</param>
    /// <returns>The result of the script.</returns>
    /// <exception cref="SimulationException">The script cannot finish.</exception>
    public T Run<T>(Func<Task<T>> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var task = Task.Factory.StartNew(
            async () =>
            {
                if (_process is null) await Start();
                return await script();
            },
            CancellationToken.None, TaskCreationOptions.DenyChildAttach, _world.Scheduler).Unwrap();
        _world.RunUntil(() => task.IsCompleted, _world.Options.Patience, () => $"the script waits for something that never comes; {_process?.Describe() ?? "no process runs"}");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Lets virtual time pass, outside a script.</summary>
    /// <param name="time">How much.</param>
    public void RunFor(TimeSpan time) => _world.RunFor(time);

    /// <summary>Starts the process. Awaited in a script.</summary>
    /// <exception cref="InvalidOperationException">One runs already.</exception>
    public Task Start()
    {
        if (_process is not null) throw new InvalidOperationException("The process runs already.");

        _process = new SimulatedProcess(_world, ++_starts, _configure, _configuration);
        return _process.Start();
    }

    /// <summary>Stops the process in good order: activations end, parts stop. Awaited in a script.</summary>
    public async Task Stop()
    {
        var process = Process;
        await process.Stop();
        _process = null;
    }

    /// <summary>
    /// Kills the process at this very point: activations, timers and messages are gone, nothing of it runs again, nothing is told to stop.
    /// Calls of the script that were not answered fail with <see cref="Orleans.Runtime.SiloUnavailableException"/>: their outcome is unknown.
    /// </summary>
    public void Crash()
    {
        var process = Process;
        if (_world.Running == process)
            throw new InvalidOperationException("A process cannot be killed by itself: what is left of its step would still run. Let the script do it.");

        _process = null;
        Crashed?.Invoke();
        process.Kill();
    }

    /// <summary>Ends the simulation; the process is dropped as it is.</summary>
    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }
}
