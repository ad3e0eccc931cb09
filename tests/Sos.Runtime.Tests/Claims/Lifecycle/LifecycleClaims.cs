using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Sos.TestKit;

namespace Sos.Runtime.Tests.Claims.Lifecycle;

/// <summary>How activations begin and end, and how a silo does.</summary>
public sealed class LifecycleClaims(ClaimsHost host)
{
    private readonly Stage _stage = host.Stage;

    [Fact]
    public async Task A_grain_activates_once_before_its_first_call_however_many_arrive()
    {
        var (grain, key) = NewLiving();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => grain.Ping("ping")));
        Assert.Equal("activated", _stage.Notes(key)[0]);
        Assert.Equal(1, await grain.Activations());
    }

    [Fact]
    public async Task T17_A_grain_deactivates_after_its_running_call_and_the_next_call_finds_a_new_activation()
    {
        var (grain, key) = NewLiving();
        var call = grain.DeactivateAndWait("gate");
        await _stage.Until(key, "waiting");
        _stage.Open(key + "gate");
        await call;
        await grain.Ping("ping");
        Assert.Equal(["activated", "waiting", "waited", "deactivating: ApplicationRequested, with a deadline", "deactivated", "activated", "ping"], _stage.Notes(key));
    }

    [Fact]
    public async Task T17_Calls_to_a_grain_that_is_leaving_reach_its_next_activation()
    {
        var (grain, key) = NewLiving();
        await grain.SlowToLeave();
        await _stage.Until(key, "deactivating: ApplicationRequested, with a deadline");
        var calls = Task.WhenAll(Enumerable.Range(0, 20).Select(i => grain.Ping("ping")));
        _stage.Open(key + "leave");
        await calls;
        Assert.Equal(20, _stage.Count(key, "ping"));
        Assert.Equal(2, await grain.Activations());
        Assert.True(Array.IndexOf(_stage.Notes(key), "deactivated") < Array.IndexOf(_stage.Notes(key), "ping"));
    }

    [Fact]
    public async Task T17_Calls_that_wait_when_a_grain_asks_to_leave_reach_its_next_activation()
    {
        var (grain, key) = NewLiving();
        var leaving = grain.DeactivateAndWait("gate");
        await _stage.Until(key, "waiting");
        var waiting = Enumerable.Range(0, 20).Select(i => grain.Ping("ping")).ToArray();
        _stage.Open(key + "gate");
        await leaving;
        await Task.WhenAll(waiting);
        Assert.Equal(2, await grain.Activations());
        Assert.True(Array.IndexOf(_stage.Notes(key), "deactivated") < Array.IndexOf(_stage.Notes(key), "ping"));
    }

    [Fact]
    public async Task A_grain_that_fails_to_activate_fails_the_call_and_tries_again_at_the_next()
    {
        var grain = host.NewGrain<IStubbornGrain>();
        await Assert.ThrowsAsync<InvalidOperationException>(grain.Ping);
        Assert.Equal("pong", await grain.Ping());
    }

    [Fact]
    public void A_reference_to_an_interface_without_a_class_is_refused_when_it_is_made()
        => Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<INobodyGrain>("nobody"));

    [Fact]
    public void T18_The_cluster_client_and_the_grain_factory_are_different_objects()
        => Assert.NotSame(host.Host.Services.GetRequiredService<IGrainFactory>(), host.Host.Services.GetRequiredService<IClusterClient>());

    [Fact]
    public async Task T18_Both_reach_the_same_grain()
    {
        var key = ClaimsHost.NewKey("living");
        await host.Host.Grains.GetGrain<ILivingGrain>(key).Ping("ping");
        Assert.Equal(1, await host.Host.Client.GetGrain<ILivingGrain>(key).Activations());
    }

    [Fact]
    public async Task T18_Hosted_services_registered_before_the_silo_start_before_it_and_those_after_it_can_call_grains()
    {
        var early = new Visitor();
        var late = new Visitor();
        await using var own = await SosTestHost.Start(new SosTestHostOptions
        {
            Host = builder => builder.Services.AddSingleton<IHostedService>(early.In),
            Silo = silo =>
            {
                ClaimsHost.AddClaims(silo);
                silo.Services.AddSingleton<IHostedService>(late.In);
            },
        });
        Assert.Equal("refused", early.Outcome);
        Assert.Equal("hello", late.Outcome);
    }

    [Fact]
    public async Task A_silo_that_stops_lets_its_grains_leave()
    {
        var own = await ClockedHost.StartOwn();
        var stage = own.Services.GetRequiredService<Stage>();
        await own.Grains.GetGrain<ILivingGrain>("a").Ping("ping");
        await own.Grains.GetGrain<ILivingGrain>("b").Ping("ping");
        await own.Stop();
        foreach (var key in (string[])["a", "b"])
        {
            Assert.Equal(["activated", "ping", "deactivating: ShuttingDown, with a deadline", "deactivated"], stage.Notes(key));
        }
    }

    private (ILivingGrain Grain, string Key) NewLiving()
    {
        var grain = host.NewGrain<ILivingGrain>();
        return (grain, grain.GetPrimaryKeyString());
    }

    /// <summary>A hosted service that calls a grain when it starts.</summary>
    private sealed class Visitor : IHostedService
    {
        private IServiceProvider? _services;

        public string? Outcome { get; private set; }

        public Visitor In(IServiceProvider services)
        {
            _services = services;
            return this;
        }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            try
            {
                Outcome = await _services!.GetRequiredService<IGrainFactory>().GetGrain<ILivingGrain>("visited").Ping("hello").WaitAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
            }
            catch (Exception failure)
            {
                Outcome = failure is TimeoutException ? "waited in vain" : "refused";
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
