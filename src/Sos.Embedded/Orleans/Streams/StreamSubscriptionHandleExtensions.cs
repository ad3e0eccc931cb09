using Sos.Embedded.Runtime;

namespace Orleans.Streams;

/// <summary>Resumed subscriptions with functions in place of an observer.</summary>
public static class StreamSubscriptionHandleExtensions
{
    /// <summary>Gives a subscription its functions again, after the grain was activated.</summary>
    /// <param name="handle">The subscription.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="token">Where to go on, on a rewindable provider.</param>
    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync, StreamSequenceToken? token = null)
        => handle.ResumeAsync(new FunctionObserver<T>(onNextAsync, null, null), token);

    /// <summary>Gives a subscription its functions again, after the grain was activated.</summary>
    /// <param name="handle">The subscription.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onErrorAsync">What to do when events were lost.</param>
    /// <param name="token">Where to go on, on a rewindable provider.</param>
    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync, StreamSequenceToken? token = null)
        => handle.ResumeAsync(new FunctionObserver<T>(onNextAsync, onErrorAsync, null), token);

    /// <summary>Gives a subscription its functions again, after the grain was activated.</summary>
    /// <param name="handle">The subscription.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onCompletedAsync">What to do when the stream has ended.</param>
    /// <param name="token">Where to go on, on a rewindable provider.</param>
    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Task> onCompletedAsync, StreamSequenceToken? token = null)
        => handle.ResumeAsync(new FunctionObserver<T>(onNextAsync, null, onCompletedAsync), token);

    /// <summary>Gives a subscription its functions again, after the grain was activated.</summary>
    /// <param name="handle">The subscription.</param>
    /// <param name="onNextAsync">What to do with an event.</param>
    /// <param name="onErrorAsync">What to do when events were lost.</param>
    /// <param name="onCompletedAsync">What to do when the stream has ended.</param>
    /// <param name="token">Where to go on, on a rewindable provider.</param>
    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync, Func<Task> onCompletedAsync, StreamSequenceToken? token = null)
        => handle.ResumeAsync(new FunctionObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync), token);
}
