using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>Makes streams.</summary>
public interface IStreamProvider
{
    /// <summary>The name of the provider.</summary>
    string Name { get; }

    /// <summary>Whether a subscription can begin at an earlier event.</summary>
    bool IsRewindable { get; }

    /// <summary>A stream. Nothing is made or stored by naming it.</summary>
    /// <typeparam name="T">The type of the events.</typeparam>
    /// <param name="streamId">The name of the stream.</param>
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

/// <summary>A stream.</summary>
public interface IAsyncStream
{
    /// <summary>Whether a subscription can begin at an earlier event.</summary>
    bool IsRewindable { get; }

    /// <summary>The name of the provider.</summary>
    string ProviderName { get; }

    /// <summary>The name of the stream.</summary>
    StreamId StreamId { get; }
}

/// <summary>A stream of events. Each event is delivered at least once to each subscription, in the order of one producer's awaited calls.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IAsyncStream<T> : IAsyncStream, IEquatable<IAsyncStream<T>>, IComparable<IAsyncStream<T>>, IAsyncObservable<T>, IAsyncObserver<T>
{
    /// <summary>The subscriptions that the calling grain has made to this stream and must resume after it was activated.</summary>
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}

/// <summary>What can be subscribed to.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IAsyncObservable<T>
{
    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="observer">Gets the events, in the turns of the grain.</param>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);

    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="observer">Gets the events, in the turns of the grain.</param>
    /// <param name="token">Where to begin, on a rewindable provider.</param>
    /// <param name="filterData">Data for a filter on the provider's side.</param>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null);
}

/// <summary>Gets the events of a stream.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IAsyncObserver<in T>
{
    /// <summary>An event. On a stream it is the way to publish one: the task is complete when the event is queued.</summary>
    /// <param name="item">The event.</param>
    /// <param name="token">Its place in the stream.</param>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    /// <summary>The stream has ended.</summary>
    Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>Events were lost, or the stream has failed.</summary>
    /// <param name="ex">What went wrong.</param>
    Task OnErrorAsync(Exception ex);
}

/// <summary>The place of an event in its stream.</summary>
public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken>, IComparable<StreamSequenceToken>
{
    /// <summary>The place of the batch.</summary>
    public abstract long SequenceNumber { get; protected set; }

    /// <summary>The place within the batch.</summary>
    public abstract int EventIndex { get; protected set; }

    /// <inheritdoc/>
    public abstract bool Equals(StreamSequenceToken? other);

    /// <inheritdoc/>
    public abstract int CompareTo(StreamSequenceToken? other);
}

/// <summary>A subscription of one grain to one stream.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>>
{
    /// <summary>The name of the stream.</summary>
    public abstract StreamId StreamId { get; }

    /// <summary>The name of the provider.</summary>
    public abstract string ProviderName { get; }

    /// <summary>The id of the subscription.</summary>
    public abstract Guid HandleId { get; }

    /// <summary>Ends the subscription.</summary>
    public abstract Task UnsubscribeAsync();

    /// <summary>Gives the subscription an observer again, after the grain was activated.</summary>
    /// <param name="observer">Gets the events, in the turns of the grain.</param>
    /// <param name="token">Where to go on, on a rewindable provider.</param>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

    /// <inheritdoc/>
    public abstract bool Equals(StreamSubscriptionHandle<T>? other);
}
