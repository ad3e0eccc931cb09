using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.TestKit;

namespace Sos.Runtime.Tests.Claims.Streams;

/// <summary>Streams: events on their way to the grains that are subscribed. On the system's clock: both runtimes deliver by polling.</summary>
public sealed class StreamClaims(StreamClaims.SystemClockHost host) : IClassFixture<StreamClaims.SystemClockHost>
{
    private readonly Stage _stage = host.Stage;

    [Fact]
    public async Task T16_An_implicit_subscriber_gets_the_events_of_the_stream_that_has_its_key()
    {
        var (key, other) = (ClaimsHost.NewKey("stream"), ClaimsHost.NewKey("stream"));
        await Publish(Streams.Implicit, key, "hello");
        await Publish(Streams.Implicit, other, "not for the first");
        await _stage.Until(key, "hello done");
        await _stage.Until(other, "not for the first done");
        Assert.Equal([$"subscribed to {Streams.Implicit}/{key}", "hello", "hello done"], _stage.Notes(key));
    }

    [Fact]
    public async Task T16_Every_class_that_is_subscribed_to_the_namespace_gets_the_event()
    {
        var key = ClaimsHost.NewKey("stream");
        await Publish(Streams.Implicit, key, "hello");
        await _stage.Until(key, "hello done");
        await _stage.Until("other " + key, "hello");
    }

    [Fact]
    public async Task T15_The_events_of_a_stream_arrive_in_order_one_after_the_other()
    {
        var key = ClaimsHost.NewKey("stream");
        var names = Enumerable.Range(0, 30).Select(i => $"event {i}").ToArray();
        foreach (var name in names) await Publish(Streams.Implicit, key, name);
        await _stage.Until(key, "event 29 done");
        Assert.Equal(names.SelectMany(n => (string[])[n, n + " done"]), _stage.Notes(key).Skip(1));
    }

    [Fact]
    public async Task T15_Publishing_is_done_when_the_event_is_queued_and_does_not_wait_for_the_consumer()
    {
        var key = ClaimsHost.NewKey("stream");
        await Publish(Streams.Implicit, key, "waits").WaitAsync(Stage.Patience);
        await _stage.Until(key, "waits");
        await Publish(Streams.Implicit, key, "next").WaitAsync(Stage.Patience);
        Assert.Equal(0, _stage.Count(key, "waits done"));
        _stage.Open(key);
        await _stage.Until(key, "next done");
    }

    [Fact]
    public async Task T15_A_consumer_that_waits_holds_up_no_other_stream()
    {
        var (slow, quick) = (ClaimsHost.NewKey("stream"), ClaimsHost.NewKey("stream"));
        await Publish(Streams.Implicit, slow, "waits");
        await _stage.Until(slow, "waits");
        await Publish(Streams.Implicit, quick, "hello");
        await _stage.Until(quick, "hello done");
        _stage.Open(slow);
        await _stage.Until(slow, "waits done");
    }

    [Fact]
    public async Task T15_An_event_whose_consumer_fails_is_delivered_again_before_the_next()
    {
        var key = ClaimsHost.NewKey("stream");
        await Publish(Streams.Implicit, key, "fails once");
        await Publish(Streams.Implicit, key, "next");
        await _stage.Until(key, "next done");
        Assert.Equal(["fails once", "fails once", "fails once done", "next", "next done"], _stage.Notes(key).Skip(1));
    }

    [Fact]
    public async Task T15_A_grain_publishes_to_others_and_never_waits_for_them_in_its_turn()
    {
        var key = ClaimsHost.NewKey("stream");
        await host.Host.Grains.GetGrain<IPublisherGrain>(key).Publish(Streams.Implicit, key, "waits").WaitAsync(Stage.Patience);
        await _stage.Until(key, "waits");
        _stage.Open(key);
        await _stage.Until(key, "waits done");
    }

    [Fact]
    public async Task T15_A_delivery_waits_for_the_turn_of_the_consumer()
    {
        var (grain, key) = NewExplicit();
        await grain.Subscribe(key);
        var work = grain.Work("gate");
        await _stage.Until(key, "works");
        await Publish(Streams.Explicit, key, "event");
        await grain.Peek();
        _stage.Open(key + "gate");
        await work;
        await _stage.Until(key, "event");
        Assert.Equal(["activated", "works", "worked", "event"], _stage.Notes(key));
    }

    [Fact]
    public async Task An_explicit_subscriber_gets_events_until_it_unsubscribes()
    {
        var (grain, key) = NewExplicit();
        await grain.Subscribe(key);
        Assert.Equal(1, await grain.Subscriptions(key));
        await Publish(Streams.Explicit, key, "one");
        await _stage.Until(key, "one");
        await grain.Unsubscribe(key);
        Assert.Equal(0, await grain.Subscriptions(key));
        await Publish(Streams.Explicit, key, "two");
        var (fence, fenceKey) = NewExplicit();
        await fence.Subscribe(fenceKey);
        await Publish(Streams.Explicit, fenceKey, "later");
        await _stage.Until(fenceKey, "later");
        Assert.Equal(["activated", "one"], _stage.Notes(key));
    }

    [Fact]
    public async Task An_explicit_subscription_outlives_the_activation_and_wakes_the_grain()
    {
        var (grain, key) = NewExplicit();
        await grain.Subscribe(key);
        await grain.Deactivate();
        await Publish(Streams.Explicit, key, "wake");
        await _stage.Until(key, "wake");
        Assert.Equal(["activated", "activated", "wake"], _stage.Notes(key));
    }

    [Fact]
    public async Task T10_A_delivery_goes_through_the_call_filters()
    {
        var key = ClaimsHost.NewKey("stream");
        await Publish(Streams.Implicit, key, "hello");
        await _stage.Until(key, "hello done");
        Assert.Contains(host.Filter.At(host.Host.Grains.GetGrain<IImplicitGrain>(key).GetGrainId()), s => s.Interface.EndsWith("IStreamConsumerExtension", StringComparison.Ordinal));
    }

    private (IExplicitGrain Grain, string Key) NewExplicit()
    {
        var key = ClaimsHost.NewKey("stream");
        return (host.Host.Grains.GetGrain<IExplicitGrain>(key), key);
    }

    private Task Publish(string streamNamespace, string key, string name)
        => Streams.Get(host.Host.Client.GetStreamProvider(Streams.Provider), streamNamespace, key).OnNextAsync(new StreamEvent(name));

    public sealed class SystemClockHost : IAsyncLifetime
    {
        private SosTestHost? _host;

        public SosTestHost Host => _host ?? throw new InvalidOperationException("Not started.");

        public Stage Stage => Host.Services.GetRequiredService<Stage>();

        public RecordingFilter Filter => Host.Services.GetRequiredService<RecordingFilter>();

        public async ValueTask InitializeAsync() => _host = await SosTestHost.Start(new SosTestHostOptions { ExplicitSubscriptions = true, Silo = ClaimsHost.AddClaims });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
