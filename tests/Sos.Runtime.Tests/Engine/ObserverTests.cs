using System.Runtime.CompilerServices;
using Orleans;

namespace Sos.Runtime.Tests.Engine;

public sealed class ObserverTests
{
    private readonly string _key = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task An_observer_hears_one_way_calls_in_order_and_answers_the_others()
    {
        await using var host = await EngineHost.Start();
        var listener = new Listener();
        var reference = host.Grains.CreateObjectReference<IStagedObserver>(listener);
        await host.Grains.GetGrain<IStagedGrain>(_key).TakeObserver(reference);

        Assert.Equal(["one", "two"], listener.Heard);
        Assert.Contains("answer to two", Stage.Of(_key).Diary);
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task An_observer_is_held_weakly_and_a_call_to_a_collected_one_times_out()
    {
        await using var host = await EngineHost.Start(options: o => o.ResponseTimeout = TimeSpan.FromMilliseconds(400));
        var reference = MakeAndForget(host.Grains);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        await Assert.ThrowsAsync<TimeoutException>(() => reference.Ask("anybody"));
    }

    [Fact]
    public async Task A_deleted_reference_reaches_nobody()
    {
        await using var host = await EngineHost.Start(options: o => o.ResponseTimeout = TimeSpan.FromMilliseconds(400));
        var listener = new Listener();
        var reference = host.Grains.CreateObjectReference<IStagedObserver>(listener);
        Assert.Equal("answer to first", await reference.Ask("first"));
        host.Grains.DeleteObjectReference<IStagedObserver>(reference);

        await Assert.ThrowsAsync<TimeoutException>(() => reference.Ask("second"));
        Assert.Equal(["first"], listener.Heard);
    }

    [Fact]
    public async Task The_observer_itself_is_refused_as_an_argument()
    {
        await using var host = await EngineHost.Start();

        await Assert.ThrowsAsync<NotSupportedException>(() => host.Grains.GetGrain<IStagedGrain>(_key).TakeObserver(new Listener()));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IStagedObserver MakeAndForget(IGrainFactory grains) => grains.CreateObjectReference<IStagedObserver>(new Listener());

    private sealed class Listener : IStagedObserver
    {
        public List<string> Heard { get; } = [];

        public void Seen(string text) => Heard.Add(text);

        public Task<string> Ask(string text)
        {
            Heard.Add(text);
            return Task.FromResult($"answer to {text}");
        }
    }
}
