using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Sos.Embedded;
using Sos.Embedded.Simulation;

namespace Sos.Runtime.Tests.Simulation;

public sealed class SimulatedSiloTests
{
    private readonly SimulationLedger _ledger = new();

    [Fact]
    public void The_same_seed_replays_the_same_run_and_another_seed_gives_another()
    {
        var runs = Enumerable.Range(0, 3).Select(_ => Busy(7)).ToArray();

        Assert.Single(runs.Distinct());
        Assert.Equal(20, Enumerable.Range(100, 20).Select(seed => Busy((ulong)seed).Trace).Distinct().Count());
    }

    [Fact]
    public void Requests_of_one_grain_never_overlap_whatever_the_seed()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var ledger = new SimulationLedger();
            using var silo = Make(seed, ledger);
            var balances = silo.Run(async () => await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => silo.Client.GetGrain<IAccountGrain>("a").Deposit(1))));

            Assert.Equal(Enumerable.Range(1, 20), balances.Order());
        }
    }

    [Fact]
    public void A_planted_race_is_found_by_some_seed()
    {
        var losing = Enumerable.Range(1, 50).Count(seed =>
        {
            using var silo = Make((ulong)seed);
            return silo.Run(async () =>
            {
                var grain = silo.Client.GetGrain<IRacyGrain>("a");
                await Task.WhenAll(grain.Deposit(2), grain.Deposit(1));
                return await grain.Balance() != 3;
            });
        });

        Assert.InRange(losing, 1, 49);
    }

    [Fact]
    public void Hours_of_virtual_time_pass_at_once_and_to_the_millisecond()
    {
        using var silo = Make();
        var began = silo.TimeProvider.GetUtcNow();
        silo.Run(async () =>
        {
            await silo.Client.GetGrain<IAccountGrain>("a").Balance();
            await Task.Delay(TimeSpan.FromHours(3), silo.TimeProvider);
        });

        Assert.InRange(silo.TimeProvider.GetUtcNow() - began, TimeSpan.FromHours(3), TimeSpan.FromHours(3.001));
    }

    [Fact]
    public void A_call_that_is_never_answered_times_out_after_its_virtual_time()
    {
        using var silo = Make();
        silo.Run(async () =>
        {
            var grain = silo.Client.GetGrain<IAccountGrain>("a");
            await grain.Balance();
            var began = silo.TimeProvider.GetUtcNow();
            await Assert.ThrowsAsync<TimeoutException>(grain.Never);
            Assert.InRange((silo.TimeProvider.GetUtcNow() - began).TotalSeconds, 30, 30.1);
        });
    }

    [Fact]
    public void A_killed_process_runs_nothing_more_and_its_callers_do_not_know_the_outcome()
    {
        using var silo = Make();
        silo.Run(async () =>
        {
            var grain = silo.Client.GetGrain<IAccountGrain>("a");
            await grain.Deposit(5);
            await grain.StartTicking(TimeSpan.FromSeconds(1));
            var slow = grain.Slow(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromSeconds(2), silo.TimeProvider);
            var queued = grain.Deposit(1);
            await Task.Delay(TimeSpan.FromSeconds(1), silo.TimeProvider);
            silo.Crash();
            var atCrash = _ledger.Log.Count;

            await Assert.ThrowsAsync<SiloUnavailableException>(() => slow);
            await Assert.ThrowsAsync<SiloUnavailableException>(() => queued);
            await Assert.ThrowsAsync<SiloUnavailableException>(grain.Balance);
            await Task.Delay(TimeSpan.FromMinutes(1), silo.TimeProvider);
            Assert.Equal(atCrash, _ledger.Log.Count);
            Assert.Equal(5, _ledger.Balances["a"]);

            await silo.Start();
            Assert.Equal(5, await silo.Client.GetGrain<IAccountGrain>("a").Balance());
        });
    }

    [Fact]
    public void A_stopped_process_says_goodbye()
    {
        using var silo = Make();
        silo.Run(async () =>
        {
            await silo.Client.GetGrain<IAccountGrain>("a").Balance();
            await silo.Client.GetGrain<IAccountGrain>("b").Balance();
            await silo.Stop();
        });

        Assert.Equal(["a ShuttingDown", "b ShuttingDown"], _ledger.Log.Order());
    }

    [Fact]
    public void An_idle_activation_ends_after_its_age()
    {
        using var silo = Make();
        silo.Run(async () =>
        {
            await silo.Client.GetGrain<IAccountGrain>("a").Balance();
            await Task.Delay(TimeSpan.FromMinutes(14.5), silo.TimeProvider);
            Assert.Empty(_ledger.Log);
            await Task.Delay(TimeSpan.FromMinutes(3), silo.TimeProvider);
        });

        Assert.Equal(["a ActivationIdle"], _ledger.Log);
    }

    [Fact]
    public void A_script_that_can_never_finish_says_so()
    {
        using var silo = Make();

        var failure = Assert.Throws<SimulationException>(() => silo.Run(() => new TaskCompletionSource().Task));
        Assert.StartsWith("Stuck", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_back_from_a_real_thread_ends_the_simulation()
    {
        using var silo = Make();

        Assert.Throws<SimulationException>(() => silo.Run(() => silo.Client.GetGrain<IAccountGrain>("a").LeaveTheWorld()));
        Assert.DoesNotContain("came back", _ledger.Log);
    }

    private (ulong Trace, long Steps, string Log) Busy(ulong seed)
    {
        var ledger = new SimulationLedger();
        using var silo = Make(seed, ledger);
        silo.Run(async () =>
        {
            var random = silo.RandomFor("script");
            for (var round = 0; round < 4; round++)
            {
                var calls = Enumerable.Range(0, 12).Select(i => silo.Client.GetGrain<IAccountGrain>($"a{i % 3}").Deposit(i)).ToList();
                calls.Add(silo.Client.GetGrain<IAccountGrain>("b0").PassOn("c", 4));
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(30)), silo.TimeProvider);
                silo.Crash();
                await silo.Start();
                await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Current);
            }
        });
        return (silo.TraceHash, silo.Steps, string.Join("\n", ledger.Log));
    }

    private SimulatedSilo Make(ulong seed = 1, SimulationLedger? ledger = null) => new(
        new SimulationOptions { Seed = seed },
        silo =>
        {
            silo.Services.AddSingleton(ledger ?? _ledger);
            silo.Configure<EmbeddedRuntimeOptions>(o => o.GrainAssemblies.Add(typeof(SimulatedSiloTests).Assembly));
        });
}
