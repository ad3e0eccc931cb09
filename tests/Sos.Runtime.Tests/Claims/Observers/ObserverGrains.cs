using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Utilities;

namespace Sos.Runtime.Tests.Claims.Observers;

public interface IWatcher : IGrainObserver
{
    [OneWay] Task Told(string what);

    [ResponseTimeout("00:00:01")] Task<string> Asked(string what);

    Task AskedToFail();
}

public interface IWatchedGrain : IGrainWithStringKey
{
    Task Tell(IWatcher watcher, string what);

    Task<string> Ask(IWatcher watcher, string what);

    Task Follow(IWatcher watcher);

    Task Unfollow(IWatcher watcher);

    Task<int> TellFollowers(string what);

    Task<int> FailFollowers();

    Task<int> FailFollowersWhoFollowAgain(IWatcher watcher);
}

/// <summary>A grain that gives its observer manager no clock.</summary>
public interface IClocklessGrain : IGrainWithStringKey
{
    Task Follow(IWatcher watcher);

    Task<int> TellFollowers(string what);
}

/// <summary>Notes what it is told.</summary>
public sealed class Watcher(Stage stage, string key) : IWatcher
{
    public Task Told(string what)
    {
        stage.Note(key, what);
        return Task.CompletedTask;
    }

    public Task<string> Asked(string what) => Task.FromResult("re: " + what);

    public Task AskedToFail() => throw new NotSupportedException("no");
}

[GrainType("claims.watched")]
internal sealed class WatchedGrain : Grain, IWatchedGrain
{
    private readonly ObserverManager<IWatcher> _followers;

    public WatchedGrain(TimeProvider time)
    {
        _followers = new ObserverManager<IWatcher>(TimeSpan.FromMinutes(1), NullLogger.Instance) { GetDateTime = () => time.GetUtcNow().UtcDateTime };
    }

    public Task Tell(IWatcher watcher, string what) => watcher.Told(what);

    public async Task<string> Ask(IWatcher watcher, string what)
    {
        try
        {
            return await watcher.Asked(what);
        }
        catch (Exception failure)
        {
            return failure.GetType().Name;
        }
    }

    public Task Follow(IWatcher watcher)
    {
        _followers.Subscribe(watcher, watcher);
        return Task.CompletedTask;
    }

    public Task Unfollow(IWatcher watcher)
    {
        _followers.Unsubscribe(watcher);
        return Task.CompletedTask;
    }

    public async Task<int> TellFollowers(string what)
    {
        await _followers.Notify(w => w.Told(what));
        return _followers.Count;
    }

    public async Task<int> FailFollowers()
    {
        await _followers.Notify(w => w.AskedToFail());
        return _followers.Count;
    }

    public async Task<int> FailFollowersWhoFollowAgain(IWatcher watcher)
    {
        await _followers.Notify(async w =>
        {
            _followers.Subscribe(watcher, watcher);
            await w.AskedToFail();
        });
        return _followers.Count;
    }
}

[GrainType("claims.clockless")]
internal sealed class ClocklessGrain : Grain, IClocklessGrain
{
    private readonly ObserverManager<IWatcher> _followers = new(TimeSpan.FromMinutes(1), NullLogger.Instance);

    public Task Follow(IWatcher watcher)
    {
        _followers.Subscribe(watcher, watcher);
        return Task.CompletedTask;
    }

    public async Task<int> TellFollowers(string what)
    {
        await _followers.Notify(w => w.Told(what));
        return _followers.Count;
    }
}
