using Orleans.Runtime;
using Orleans.Streams;
using Sos.Embedded.Runtime;
using Sos.Embedded.Runtime.Copying;

namespace Sos.Embedded.Streams;

/// <summary>A stream of a provider. Holds nothing; naming it costs nothing.</summary>
internal sealed class EmbeddedStream<T>(EmbeddedStreamProvider provider, StreamId streamId) : IAsyncStream<T>
{
    public bool IsRewindable => false;

    public string ProviderName => provider.Name;

    public StreamId StreamId => streamId;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        RefuseToken(token);
        // What the producer changes afterwards is its own affair, as after a call.
        return provider.Publish(streamId, Copier<T>.Copy(item)!);
    }

    public Task OnCompletedAsync() => throw new NotSupportedException("A stream does not end; Orleans' persistent streams do not take this either.");

    public Task OnErrorAsync(Exception ex) => throw new NotSupportedException("A producer cannot fail a stream; Orleans' persistent streams do not take this either.");

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) => SubscribeAsync(observer, null);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (observer is GrainReference) throw new ArgumentException("A grain can only subscribe itself.", nameof(observer));
        RefuseToken(token);
        var activation = Subscriber();
        var id = provider.Subscribe(streamId, activation.GrainId);
        return Task.FromResult(Attach(activation, id, observer));
    }

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var handles = provider.SubscriptionsOf(streamId, Subscriber().GrainId).Select(id => (StreamSubscriptionHandle<T>)new SubscriptionHandle<T>(provider, streamId, id));
        return Task.FromResult<IList<StreamSubscriptionHandle<T>>>([.. handles]);
    }

    public bool Equals(IAsyncStream<T>? other) => other is EmbeddedStream<T> stream && stream.StreamId == streamId && stream.ProviderName == ProviderName;

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => streamId.GetHashCode();

    public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : streamId.CompareTo(other.StreamId);

    /// <summary>Gives a subscription its observer in the calling activation.</summary>
    internal StreamSubscriptionHandle<T> Attach(IActivation activation, Guid id, IAsyncObserver<T> observer)
    {
        var observers = activation.GetComponent<StreamObservers>();
        if (observers is null) activation.SetComponent(observers = new StreamObservers());
        observers.Set(id, new EventSink<T>(observer));
        return new SubscriptionHandle<T>(provider, streamId, id);
    }

    internal static IActivation Subscriber()
        => CurrentActivation.Value ?? throw new InvalidOperationException("Only a grain can subscribe to a stream of the embedded runtime, and only in its own turn.");

    internal static void RefuseToken(StreamSequenceToken? token)
    {
        if (token is not null) throw new ArgumentNullException(nameof(token), "Passing a non-null token to a stream that is not rewindable.");
    }
}
