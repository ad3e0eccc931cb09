using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Sos.Runtime.Tests.Claims.Streams;

[GenerateSerializer, Immutable, Alias("claims.event")]
public sealed record StreamEvent([property: Id(0)] string Name);

public interface IImplicitGrain : IGrainWithStringKey
{
    [AlwaysInterleave] Task Peek();
}

public interface IOtherImplicitGrain : IGrainWithStringKey;

public interface IExplicitGrain : IGrainWithStringKey
{
    Task Subscribe(string streamKey);

    Task<int> Subscriptions(string streamKey);

    Task Unsubscribe(string streamKey);

    Task Deactivate();

    Task Work(string gate);

    [AlwaysInterleave] Task Peek();
}

public interface IPublisherGrain : IGrainWithStringKey
{
    Task Publish(string streamNamespace, string streamKey, string name);
}

internal static class Streams
{
    public const string Provider = "sos";
    public const string Implicit = "claims-implicit";
    public const string Explicit = "claims-explicit";

    public static IAsyncStream<StreamEvent> Get(IStreamProvider provider, string streamNamespace, string key) => provider.GetStream<StreamEvent>(StreamId.Create(streamNamespace, key));
}

/// <summary>
/// Is subscribed to every stream of a namespace whose key is its own. An event named "fails once" fails the first time, "waits" waits at a gate.
/// </summary>
[ImplicitStreamSubscription(Streams.Implicit)]
[GrainType("claims.implicit")]
internal sealed class ImplicitGrain(Stage stage) : Grain, IImplicitGrain, IStreamSubscriptionObserver, IAsyncObserver<StreamEvent>
{
    private string Key => this.GetPrimaryKeyString();

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        stage.Note(Key, $"subscribed to {handleFactory.StreamId}");
        await handleFactory.Create<StreamEvent>().ResumeAsync(this);
    }

    public async Task OnNextAsync(StreamEvent item, StreamSequenceToken? token = null)
    {
        stage.Note(Key, item.Name);
        if (item.Name == "waits") await stage.Pass(Key);
        if (item.Name == "fails once" && stage.Count(Key, item.Name) == 1) throw new InvalidOperationException("not the first time");
        stage.Note(Key, item.Name + " done");
    }

    public Task OnErrorAsync(Exception ex)
    {
        stage.Note(Key, "error");
        return Task.CompletedTask;
    }

    public Task Peek() => Task.CompletedTask;
}

/// <summary>A second implicit subscriber of the same namespace.</summary>
[ImplicitStreamSubscription(Streams.Implicit)]
[GrainType("claims.other-implicit")]
internal sealed class OtherImplicitGrain(Stage stage) : Grain, IOtherImplicitGrain, IStreamSubscriptionObserver
{
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<StreamEvent>().ResumeAsync((item, _) =>
    {
        stage.Note("other " + this.GetPrimaryKeyString(), item.Name);
        return Task.CompletedTask;
    });
}

/// <summary>Subscribes itself, and resumes its subscription when it activates.</summary>
[GrainType("claims.explicit")]
internal sealed class ExplicitGrain(Stage stage) : Grain, IExplicitGrain
{
    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        stage.Note(Key, "activated");
        foreach (var handle in await Stream(Key).GetAllSubscriptionHandles()) await handle.ResumeAsync(Received);
    }

    public async Task Subscribe(string streamKey) => await Stream(streamKey).SubscribeAsync(Received);

    public async Task<int> Subscriptions(string streamKey) => (await Stream(streamKey).GetAllSubscriptionHandles()).Count;

    public async Task Unsubscribe(string streamKey)
    {
        foreach (var handle in await Stream(streamKey).GetAllSubscriptionHandles()) await handle.UnsubscribeAsync();
    }

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task Work(string gate)
    {
        stage.Note(Key, "works");
        await stage.Pass(Key + gate);
        stage.Note(Key, "worked");
    }

    public Task Peek() => Task.CompletedTask;

    private IAsyncStream<StreamEvent> Stream(string key) => Streams.Get(this.GetStreamProvider(Streams.Provider), Streams.Explicit, key);

    private Task Received(StreamEvent item, StreamSequenceToken? token)
    {
        stage.Note(Key, item.Name);
        return Task.CompletedTask;
    }
}

[GrainType("claims.publisher")]
internal sealed class PublisherGrain : Grain, IPublisherGrain
{
    public Task Publish(string streamNamespace, string streamKey, string name)
        => Streams.Get(this.GetStreamProvider(Streams.Provider), streamNamespace, streamKey).OnNextAsync(new StreamEvent(name));
}
