using System.Runtime.CompilerServices;

namespace Sos.Runtime.Tests.Claims.Observers;

/// <summary>Observers: objects outside the grains that grains call.</summary>
public sealed class ObserverClaims(ClaimsHost host)
{
    private readonly Stage _stage = host.Stage;

    [Fact]
    public async Task An_observer_that_is_kept_is_told_and_can_be_asked()
    {
        var (watcher, reference, key) = NewWatcher();
        var grain = host.NewGrain<IWatchedGrain>();
        await grain.Tell(reference, "hello");
        await _stage.Until(key, "hello");
        Assert.Equal("re: how are you", await grain.Ask(reference, "how are you"));
        GC.KeepAlive(watcher);
    }

    [Fact]
    public async Task T08_An_observer_that_nobody_keeps_is_collected_and_told_nothing()
    {
        var (reference, weak, key) = NewForgottenWatcher();
        await Collected(weak);
        var grain = host.NewGrain<IWatchedGrain>();
        await grain.Tell(reference, "too late");
        Assert.Equal("TimeoutException", await grain.Ask(reference, "anybody there"));
        Assert.Empty(_stage.Notes(key));
    }

    [Fact]
    public async Task An_observer_that_was_deleted_is_told_nothing()
    {
        var (watcher, reference, key) = NewWatcher();
        host.Grains.DeleteObjectReference<IWatcher>(reference);
        var grain = host.NewGrain<IWatchedGrain>();
        await grain.Tell(reference, "too late");
        Assert.Equal("TimeoutException", await grain.Ask(reference, "anybody there"));
        Assert.Empty(_stage.Notes(key));
        GC.KeepAlive(watcher);
    }

    [Fact]
    public async Task The_observer_manager_tells_each_follower_once_until_it_leaves()
    {
        var (watcher, reference, key) = NewWatcher();
        var grain = host.NewGrain<IWatchedGrain>();
        await grain.Follow(reference);
        await grain.Follow(reference);
        Assert.Equal(1, await grain.TellFollowers("one"));
        await _stage.Until(key, "one");
        await grain.Unfollow(reference);
        Assert.Equal(0, await grain.TellFollowers("two"));
        await grain.Tell(reference, "last");
        await _stage.Until(key, "last");
        Assert.Equal(["one", "last"], _stage.Notes(key));
        GC.KeepAlive(watcher);
    }

    [Fact]
    public async Task The_observer_manager_forgets_a_follower_that_fails()
    {
        var (watcher, reference, _) = NewWatcher();
        var grain = host.NewGrain<IWatchedGrain>();
        await grain.Follow(reference);
        Assert.Equal(0, await grain.FailFollowers());
        GC.KeepAlive(watcher);
    }

    [Fact]
    public async Task The_observer_manager_forgets_a_follower_that_does_not_follow_again()
    {
        await using var own = await ClockedHost.StartOwn();
        var watcher = new Watcher(_stage, ClaimsHost.NewKey("watcher"));
        var reference = own.Grains.CreateObjectReference<IWatcher>(watcher);
        var grain = own.Grains.GetGrain<IWatchedGrain>("expiring");
        await grain.Follow(reference);
        own.Time.Advance(TimeSpan.FromSeconds(40));
        await grain.Follow(reference);
        own.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(1, await grain.TellFollowers("still here"));
        own.Time.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal(0, await grain.TellFollowers("gone"));
        GC.KeepAlive(watcher);
    }

    [Fact]
    public async Task The_observer_manager_goes_by_the_clock_of_the_machine_unless_the_grain_gives_it_another()
    {
        await using var own = await ClockedHost.StartOwn();
        var watcher = new Watcher(_stage, ClaimsHost.NewKey("watcher"));
        var reference = own.Grains.CreateObjectReference<IWatcher>(watcher);
        var grain = own.Grains.GetGrain<IClocklessGrain>("clockless");
        await grain.Follow(reference);
        own.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await grain.TellFollowers("long after its minute"));
        GC.KeepAlive(watcher);
    }

    [Fact]
    public async Task The_observer_manager_forgets_a_follower_that_failed_even_if_it_followed_again_meanwhile()
    {
        var (watcher, reference, _) = NewWatcher();
        var grain = host.NewGrain<IWatchedGrain>();
        await grain.Follow(reference);
        Assert.Equal(0, await grain.FailFollowersWhoFollowAgain(reference));
        GC.KeepAlive(watcher);
    }

    private static async Task Collected(WeakReference weak)
    {
        for (var i = 0; i < 50 && weak.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.False(weak.IsAlive, "Something keeps the observer.");
    }

    private (Watcher Watcher, IWatcher Reference, string Key) NewWatcher()
    {
        var key = ClaimsHost.NewKey("watcher");
        var watcher = new Watcher(_stage, key);
        return (watcher, host.Grains.CreateObjectReference<IWatcher>(watcher), key);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (IWatcher Reference, WeakReference Weak, string Key) NewForgottenWatcher()
    {
        var (watcher, reference, key) = NewWatcher();
        return (reference, new WeakReference(watcher), key);
    }
}
