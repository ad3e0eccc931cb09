using Sos.Embedded.Runtime;

namespace Orleans.Streams;

/// <summary>Subscriptions with functions in place of an observer.</summary>
public static class AsyncObservableExtensions
{
    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync)
        => obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, null, null));

    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="token">Where to begin, on a rewindable provider.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, StreamSequenceToken token)
        => obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, null, null), token);

    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onErrorAsync">What to do when events were lost.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync)
        => obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, onErrorAsync, null));

    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onErrorAsync">What to do when events were lost.</param>
    /// <param name="token">Where to begin, on a rewindable provider.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync, StreamSequenceToken token)
        => obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, onErrorAsync, null), token);

    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onCompletedAsync">What to do when the stream has ended.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Task> onCompletedAsync)
        => obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, null, onCompletedAsync));

    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onCompletedAsync">What to do when the stream has ended.</param>
    /// <param name="token">Where to begin, on a rewindable provider.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Task> onCompletedAsync, StreamSequenceToken token)
        => obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, null, onCompletedAsync), token);

    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onErrorAsync">What to do when events were lost.</param>
    /// <param name="onCompletedAsync">What to do when the stream has ended.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync, Func<Task> onCompletedAsync)
        => obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync));

    /// <summary>Subscribes the calling grain.</summary>
    /// <param name="obs">The stream.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onErrorAsync">What to do when events were lost.</param>
    /// <param name="onCompletedAsync">What to do when the stream has ended.</param>
    /// <param name="token">Where to begin, on a rewindable provider.</param>
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync, Func<Task> onCompletedAsync, StreamSequenceToken token)
        => obs.SubscribeAsync(new FunctionObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync), token);
}
