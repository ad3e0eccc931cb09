using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.Turns;

/// <summary>Notes when its calls begin and end; each waits at the gate of its name.</summary>
public interface IStepGrain : IGrainWithStringKey
{
    Task Work(string name);

    [ReadOnly] Task Read(string name);

    [AlwaysInterleave] Task Peek(string name);

    Task<int> Busy();

    [AlwaysInterleave] Task<int> BusyInterleaved();

    Task<string> AskBack(IStepGrain other);

    Task<string> AskSelf();

    Task AskCaller(IStepGrain caller);

    [ResponseTimeout("00:00:01")] Task Ping();
}

/// <summary>As <see cref="IStepGrain"/>, on a class marked reentrant.</summary>
public interface IReentrantGrain : IGrainWithStringKey
{
    Task Work(string name);

    Task<int> Busy();
}

/// <summary>Tells on which scheduler its parts run.</summary>
public interface ISchedulerGrain : IGrainWithStringKey
{
    Task<string[]> Where();
}

[GrainType("claims.step")]
internal sealed class StepGrain(Stage stage) : Grain, IStepGrain
{
    private readonly Overlap _overlap = new();

    private string Key => this.GetPrimaryKeyString();

    public Task Work(string name) => Step(name);

    public Task Read(string name) => Step(name);

    public Task Peek(string name)
    {
        stage.Note(Key, name);
        return Task.CompletedTask;
    }

    public Task<int> Busy() => _overlap.Calls();

    public Task<int> BusyInterleaved() => _overlap.Turns();

    public async Task<string> AskBack(IStepGrain other)
    {
        try
        {
            await other.AskCaller(this.AsReference<IStepGrain>());
            return "answered";
        }
        catch (TimeoutException)
        {
            return "timed out";
        }
    }

    public async Task<string> AskSelf()
    {
        try
        {
            await this.AsReference<IStepGrain>().Ping();
            return "answered";
        }
        catch (TimeoutException)
        {
            return "timed out";
        }
    }

    public Task AskCaller(IStepGrain caller) => caller.Ping();

    public Task Ping() => Task.CompletedTask;

    private async Task Step(string name)
    {
        stage.Note(Key, name + " begins");
        await stage.Pass(Key + name);
        stage.Note(Key, name + " ends");
    }
}

[Reentrant]
[GrainType("claims.reentrant")]
internal sealed class ReentrantGrain(Stage stage) : Grain, IReentrantGrain
{
    private readonly Overlap _overlap = new();

    public async Task Work(string name)
    {
        var key = this.GetPrimaryKeyString();
        stage.Note(key, name + " begins");
        await stage.Pass(key + name);
        stage.Note(key, name + " ends");
    }

    public Task<int> Busy() => _overlap.Turns();
}

[GrainType("claims.scheduler")]
internal sealed class SchedulerGrain : Grain, ISchedulerGrain
{
    public async Task<string[]> Where()
    {
        var own = TaskScheduler.Current;
        var first = Name(own, own);
        await Task.Yield();
        var afterAwait = Name(own, TaskScheduler.Current);
#pragma warning disable CA2008 // That no scheduler is named is what this is about.
        var started = await Task.Factory.StartNew(() => Name(own, TaskScheduler.Current));
        var continued = await Task.CompletedTask.ContinueWith(_ => Name(own, TaskScheduler.Current));
#pragma warning restore CA2008
        var pool = await Task.Run(() => Name(own, TaskScheduler.Current));
        return [first, afterAwait, started, continued, pool, Name(own, TaskScheduler.Current)];
    }

    private static string Name(TaskScheduler own, TaskScheduler here) => here == TaskScheduler.Default ? "pool" : here == own ? "grain" : "elsewhere";
}

/// <summary>Measures how many calls, or turns of calls, are between their begin and end at once.</summary>
internal sealed class Overlap
{
    private int _inside;

    public async Task<int> Calls()
    {
        var most = Interlocked.Increment(ref _inside);
        for (var i = 0; i < 3; i++)
        {
            await Task.Yield();
            most = Math.Max(most, Volatile.Read(ref _inside));
        }

        Interlocked.Decrement(ref _inside);
        return most;
    }

    public async Task<int> Turns()
    {
        var most = 0;
        for (var i = 0; i < 5; i++)
        {
            most = Math.Max(most, Interlocked.Increment(ref _inside));
            Thread.SpinWait(200);
            Interlocked.Decrement(ref _inside);
            await Task.Yield();
        }

        return most;
    }
}
