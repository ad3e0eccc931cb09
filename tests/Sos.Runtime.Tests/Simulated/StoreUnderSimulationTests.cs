using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Sos.Embedded;
using Sos.Embedded.Reminders;
using Sos.Embedded.Simulation;
using Sos.Embedded.State;
using Sos.Embedded.Storage;
using Sos.Embedded.Streams;
using Sos.TestKit;

namespace Sos.Runtime.Tests.Simulated;

/// <summary>State, reminders and streams in the deterministic mode, over a store that crashes, tears, fails and loses answers.</summary>
public sealed class StoreUnderSimulationTests
{
    [Fact]
    public void In_100_seeds_of_crashes_and_failing_writes_no_acknowledged_entry_is_lost_or_doubled()
    {
        for (ulong seed = 1; seed <= 100; seed++) RunLedgers(seed);
    }

    [Fact]
    public void A_seed_replays_step_by_step()
    {
        for (ulong seed = 1; seed <= 5; seed++) Assert.Equal(RunLedgers(seed), RunLedgers(seed));
        Assert.NotEqual(RunLedgers(1), RunLedgers(2));
    }

    [Fact]
    public void A_poisoned_event_blocks_its_own_subscription_for_a_minute_and_is_then_dropped()
    {
        using var city = new Simulated(3, new SimulatedFaults());
        city.Silo.Run(async () =>
        {
            var streams = city.Silo.Services.GetRequiredKeyedService<IStreamProvider>("sos");
            foreach (var item in (string[])["one", "poison", "three"]) await streams.GetStream<string>(StreamId.Create("test-simulated", "sick")).OnNextAsync(item);
            foreach (var item in (string[])["one", "two"]) await streams.GetStream<string>(StreamId.Create("test-simulated", "well")).OnNextAsync(item);
            Assert.Empty(city.Diary.Lines);
            await Task.Delay(TimeSpan.FromMinutes(2), city.Silo.TimeProvider);
        });
        Assert.Equal(["well one 00:00:00", "well two 00:00:00"], city.Diary.Lines.Where(line => line.StartsWith("well", StringComparison.Ordinal)));
        var sick = city.Diary.Lines.Where(line => line.StartsWith("sick", StringComparison.Ordinal)).ToArray();
        Assert.Equal("sick one 00:00:00", sick[0]);
        // Tried at once and then after 1, 2, 4, 8 and 16 s; a wait of 30 s would end after the minute.
        Assert.Equal(["00:00:00", "00:00:01", "00:00:03", "00:00:07", "00:00:15", "00:00:31"], sick[1..^2].Select(line => line.Split(' ')[2]));
        Assert.Equal("sick told of a loss 00:00:31", sick[^2]);
        Assert.StartsWith("sick three 00:00:31", sick[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Reminders_tick_on_their_minute_through_crashes_and_never_twice_in_one()
    {
        using var city = new Simulated(4, new SimulatedFaults());
        city.Silo.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await city.Silo.Client.GetGrain<IAlarmGrain>($"a{i:00}").Set(TimeSpan.FromSeconds(30 + i));
            for (var i = 0; i < 10; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(47), city.Silo.TimeProvider);
                city.Silo.Crash();
                await city.Silo.Start();
            }

            for (var i = 0; i < 50; i++) await city.Silo.Client.GetGrain<IAlarmGrain>($"a{i:00}").Unset();
            city.Diary.Lines.Add("unset");
            await Task.Delay(TimeSpan.FromMinutes(5), city.Silo.TimeProvider);
        });
        Assert.Equal("unset", city.Diary.Lines[^1]);
        foreach (var ticks in city.Diary.Lines.SkipLast(1).GroupBy(line => line[..3]))
        {
            var times = ticks.Select(line => TimeSpan.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var due = TimeSpan.FromSeconds(30 + int.Parse(ticks.Key[1..], System.Globalization.CultureInfo.InvariantCulture));
            Assert.InRange(times.Length, 7, 9);
            Assert.Equal(times.Length, times.Select(time => (int)((time - due).TotalMinutes + 0.01)).Distinct().Count());
            Assert.All(times, time => Assert.InRange(((time - due).TotalSeconds + 0.5) % 60, 0, 3));
        }
    }

    /// <summary>200 entries into 5 ledgers, retried until acknowledged, with crashes and faults; returns the hash of the run.</summary>
    private static ulong RunLedgers(ulong seed)
    {
        using var city = new Simulated(seed, new SimulatedFaults { FailBeforeWrite = 0.05, FailAfterWrite = 0.05, FailRead = 0.01 });
        var random = city.Silo.RandomFor("script");
        city.Silo.Run(async () =>
        {
            var writers = Enumerable.Range(0, 4).Select(writer => Write(writer)).ToArray();
            while (!writers.All(writer => writer.IsCompleted))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 200)), city.Silo.TimeProvider);
                if (random.Next(3) != 0) continue;
                city.Silo.Crash();
                await city.Silo.Start();
            }

            await Task.WhenAll(writers);
            for (var ledger = 0; ledger < 5; ledger++)
            {
                var entries = await Retry(() => city.Silo.Client.GetGrain<ILedgerGrain>($"ledger{ledger}").Entries());
                Assert.Equal(Enumerable.Range(0, 200).Where(entry => entry % 5 == ledger), entries.Order());
            }
        });
        return city.Silo.TraceHash;

        async Task Write(int writer)
        {
            for (var entry = writer; entry < 200; entry += 4)
            {
                await Retry(async () =>
                {
                    await city.Silo.Client.GetGrain<ILedgerGrain>($"ledger{entry % 5}").Add(entry);
                    return true;
                });
            }
        }

        async Task<T> Retry<T>(Func<Task<T>> command)
        {
            while (true)
            {
                try
                {
                    return await command();
                }
                catch (Exception unknown) when (unknown is OrleansException or TimeoutException or InvalidOperationException)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 20)), city.Silo.TimeProvider);
                }
            }
        }
    }

    private sealed class Simulated : IDisposable
    {
        public Simulated(ulong seed, SimulatedFaults faults)
        {
            SimulatedRecordStore? store = null;
            var delays = SeededRandom.For(seed, "streams");
            Silo = new SimulatedSilo(new SimulationOptions { Seed = seed }, silo =>
            {
                silo.Configure<EmbeddedRuntimeOptions>(options => options.GrainAssemblies.Add(typeof(Simulated).Assembly));
                silo.Services.AddSingleton(Diary);
                silo.Services.AddSingleton<IGrainStorageSerializer, JsonStateSerializer>();
                silo.AddRecordStore(_ => store!).AddRecordGrainStorage("sos").AddRecordReminders()
                    .AddEmbeddedStreams("sos", streams => streams.DrawDelay = () => TimeSpan.FromMilliseconds(delays.Next(1, 100)));
            });
            store = new SimulatedRecordStore(Silo.TimeProvider, Silo.RandomFor("store"), new RecordStoreOptions(), faults);
            Silo.Crashed += store.Crash;
        }

        public Diary Diary { get; } = new();

        public SimulatedSilo Silo { get; }

        public void Dispose() => Silo.Dispose();
    }
}
