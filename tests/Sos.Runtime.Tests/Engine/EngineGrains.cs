using System.Collections.Concurrent;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Engine;

/// <summary>Doors that a test opens and closes, and a diary of what happened, by the key of a grain.</summary>
internal sealed class Stage
{
    private static readonly ConcurrentDictionary<string, Stage> Stages = new();

    public ConcurrentQueue<string> Diary { get; } = new();

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Door { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Stage Of(string key) => Stages.GetOrAdd(key, _ => new Stage());
}

[GenerateSerializer]
public sealed class Basket
{
    [Id(0)]
    public List<string> Items { get; set; } = [];

    [Id(1)]
    public Basket? Inner { get; set; }

    public int Forgotten { get; set; }
}

public interface IStagedGrain : IGrainWithStringKey
{
    Task<string> Enter(string who);

    [AlwaysInterleave]
    Task<int> Peek();

    [ReadOnly]
    Task<string> Read(string who);

    Task WaitAtDoor();

    ValueTask<int> Add(int a, int b = 2);

    ValueTask Touch();

    [OneWay]
    Task Shout(string text);

    Task<Basket> Swap(Basket basket);

    Task<int> CountTo(int limit, CancellationToken cancellationToken);

    Task Leave();

    Task Fail(string message);

    Task<string?> Context(string key);

    Task TakeObserver(IStagedObserver observer);
}

public interface IStagedObserver : IGrainObserver
{
    void Seen(string text);

    Task<string> Ask(string text);
}

[GrainType("test.staged")]
internal sealed class StagedGrain : Grain, IStagedGrain
{
    private Stage Stage => Stage.Of(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Stage.Diary.Enqueue("activated");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Stage.Diary.Enqueue($"deactivated {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public async Task<string> Enter(string who)
    {
        Stage.Diary.Enqueue($"{who} enters");
        Stage.Entered.TrySetResult();
        await Stage.Door.Task;
        Stage.Diary.Enqueue($"{who} leaves");
        return who;
    }

    public Task<int> Peek() => Task.FromResult(Stage.Diary.Count);

    public async Task<string> Read(string who)
    {
        Stage.Diary.Enqueue($"{who} reads");
        Stage.Entered.TrySetResult();
        await Stage.Door.Task;
        Stage.Diary.Enqueue($"{who} has read");
        return who;
    }

    public Task WaitAtDoor() => Stage.Door.Task;

    public ValueTask<int> Add(int a, int b) => new(a + b);

    public async ValueTask Touch()
    {
        await Task.Yield();
        Stage.Diary.Enqueue("touched");
    }

    public Task Shout(string text)
    {
        Stage.Diary.Enqueue(text);
        throw new InvalidOperationException("Nobody hears this.");
    }

    public Task<Basket> Swap(Basket basket)
    {
        basket.Items.Add("callee");
        return Task.FromResult(basket);
    }

    public async Task<int> CountTo(int limit, CancellationToken cancellationToken)
    {
        Stage.Entered.TrySetResult();
        using var registration = cancellationToken.Register(() => Stage.Diary.Enqueue(TaskScheduler.Current == TaskScheduler.Default ? "cancelled outside" : "cancelled in a turn"));
        await Stage.Door.Task;
        return limit;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Fail(string message) => throw new InvalidOperationException(message);

    public Task<string?> Context(string key)
    {
        var value = RequestContext.Get(key) as string;

        // Not in an async method, so that only the runtime can keep it from the next request.
        RequestContext.Set("leak", "yes");
        return Task.FromResult(value);
    }

    public async Task TakeObserver(IStagedObserver observer)
    {
        observer.Seen("one");
        Stage.Diary.Enqueue(await observer.Ask("two"));
    }
}
