using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Messaging;
using Sos.Contracts.Operations;
using Sos.Embedded.Reminders;
using Sos.Embedded.Simulation;
using Sos.Embedded.State;
using Sos.Embedded.Storage;
using Sos.Embedded.Streams;
using Sos.Grains.Tests.City;
using Sos.TestKit;

namespace Sos.Grains.Tests.Simulation;

/// <summary>How hard a simulated city is treated.</summary>
internal sealed record CityPlan
{
    /// <summary>People who press.</summary>
    public int Callers { get; init; } = 6;

    /// <summary>People who help.</summary>
    public int Responders { get; init; } = 8;

    /// <summary>Virtual time in which people press and things break; after it everything is mended and must come to an end.</summary>
    public TimeSpan Storm { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Mean time between kills of the process; null: never killed.</summary>
    public TimeSpan? KillEvery { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Share of writes that fail before, and of writes that fail after they were made.</summary>
    public double FailedWrites { get; init; } = 0.01;

    /// <summary>Share of requests (0 to 1) that are accepted; a fifth is declined, the rest is not answered.</summary>
    public double Accepting { get; init; } = 0.5;

    /// <summary>The disk is full for a while.</summary>
    public bool FullDisk { get; init; } = true;
}

/// <summary>The real grains on the deterministic runtime: one thread, virtual time, a disk that fails as it is told.</summary>
internal sealed class SimulatedCity : IDisposable
{
    private readonly CityPlan _plan;

    public SimulatedCity(ulong seed, CityPlan plan, Action<ISiloBuilder>? plant = null, Action<string>? trace = null)
    {
        _plan = plan;
        Seed = seed;
        Silo = new SimulatedSilo(new SimulationOptions { Seed = seed, Trace = trace, Patience = TimeSpan.FromHours(3) }, silo =>
        {
            silo.AddRecordStore(_ => Disk!)
                .AddRecordGrainStorage(StorageNames.Records)
                .AddRecordGrainStorage(StorageNames.Large)
                .AddRecordReminders()
                .AddEmbeddedStreams(StreamNames.Provider)
                .AddSosGrains();
            silo.Services.AddSingleton(TestKeyRing.Instance);
            silo.Services.Replace(ServiceDescriptor.Singleton<ISmsGateway>(Texts));
            plant?.Invoke(silo);
        });
        Disk = new SimulatedRecordStore(Silo.TimeProvider, Silo.RandomFor("disk"), new RecordStoreOptions(), Faults);
        Silo.Crashed += Disk.Crash;
    }

    public ulong Seed { get; }

    public SimulatedSilo Silo { get; }

    public SimulatedRecordStore Disk { get; }

    public SimulatedFaults Faults { get; } = new() { KeepAtCrash = 0.5 };

    public RememberingGateway Texts { get; } = new();

    /// <summary>Everything is mended: nothing fails any more, and everybody who is asked goes.</summary>
    public bool Calm { get; private set; }

    public int Kills { get; private set; }

    /// <summary>Exceptions that nobody should ever see.</summary>
    public List<string> Surprises { get; } = [];

    public DateTimeOffset Now => Silo.TimeProvider.GetUtcNow();

    public Task Wait(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Silo.TimeProvider);

    /// <summary>A call as a stubborn client makes it: whatever does not answer is asked again, with the same words, until it does.</summary>
    public async Task<T> Call<T>(Func<IGrainFactory, Task<T>> call)
    {
        var pause = 0.2;
        while (true)
        {
            try
            {
                return await call(Silo.Client);
            }
            catch (Exception e) when (e is not SimulationException)
            {
                if (!IsExpected(e)) Surprises.Add($"{e.GetType().Name}: {e.Message}\n{e.StackTrace}");
            }

            await Wait(pause);
            pause = Math.Min(2, pause * 2);
        }
    }

    public Task Call(Func<IGrainFactory, Task> call) => Call(async grains =>
    {
        await call(grains);
        return true;
    });

    /// <summary>Breaks things for as long as the storm lasts, then mends them.</summary>
    public async Task Weather()
    {
        var random = Silo.RandomFor("weather");
        var end = Now + _plan.Storm;
        (Faults.FailBeforeWrite, Faults.FailAfterWrite) = (_plan.FailedWrites, _plan.FailedWrites);
        while (Now < end)
        {
            await Wait(_plan.KillEvery is { } mean ? 1 + random.NextDouble() * 2 * mean.TotalSeconds : 10);
            if (_plan.FullDisk && random.NextDouble() < 0.2)
            {
                Faults.DiskFull = true;
                await Wait(1 + 4 * random.NextDouble());
                Faults.DiskFull = false;
            }

            if (_plan.KillEvery is not null) await Kill(random);
        }

        (Faults.FailBeforeWrite, Faults.FailAfterWrite) = (0, 0);
        Calm = true;
    }

    /// <summary>The second net: what the server does when it starts.</summary>
    public async Task Sweep()
    {
        var table = Silo.Services.GetRequiredService<IReminderTable>();
        foreach (var row in (await table.ReadRows(0, uint.MaxValue)).Reminders.OrderBy(r => r.GrainId.ToString(), StringComparer.Ordinal))
            if (Silo.Client.GetGrain<IAlertGrain>(Guid.Empty).GetGrainId().Type == row.GrainId.Type) await Silo.Client.GetGrain<IAlertGrain>(row.GrainId).Ping();
    }

    public void Dispose() => Silo.Dispose();

    private async Task Kill(SeededRandom random)
    {
        Silo.Crash();
        Kills++;
        await Wait(0.1 + 4 * random.NextDouble());
        while (true)
        {
            try
            {
                await Silo.Start();
                await Sweep();
                return;
            }
            catch (Exception e) when (e is not SimulationException && IsExpected(e))
            {
                // The store failed the start or the sweep: the process dies of it and is started again, as any supervisor does.
                try
                {
                    Silo.Crash();
                }
                catch (InvalidOperationException)
                {
                    // It had not come up.
                }

                await Wait(0.5);
            }
        }
    }

    private static bool IsExpected(Exception e) =>
        e is TimeoutException or OrleansException or StoreFullException or StoreFailedException
        || e is InvalidOperationException { Message: "No process runs in this simulation." }
        || e is ObjectDisposedException;
}
