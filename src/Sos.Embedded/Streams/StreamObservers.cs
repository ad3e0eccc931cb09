using Orleans.Streams;
using Sos.Embedded.Runtime.Copying;

namespace Sos.Embedded.Streams;

/// <summary>The observers that one activation has given its subscriptions. They end with the activation.</summary>
internal sealed class StreamObservers
{
    private readonly Dictionary<Guid, IEventSink> _sinks = [];

    public IEventSink? Find(Guid subscription) => _sinks.GetValueOrDefault(subscription);

    public void Set(Guid subscription, IEventSink sink) => _sinks[subscription] = sink;

    public void Remove(Guid subscription) => _sinks.Remove(subscription);
}

/// <summary>An observer whose event type is known to itself only. Each gets a copy of its own of what can change.</summary>
internal interface IEventSink
{
    Task Deliver(object item, StreamSequenceToken token);

    Task Fail(Exception reason);
}

/// <inheritdoc cref="IEventSink"/>
internal sealed class EventSink<T>(IAsyncObserver<T> observer) : IEventSink
{
    public Task Deliver(object item, StreamSequenceToken token) => item is T typed
        ? observer.OnNextAsync(Copier<T>.Copy(typed), token)
        : throw new InvalidCastException($"The stream carried a {item.GetType().Name} where {typeof(T).Name} was expected.");

    public Task Fail(Exception reason) => observer.OnErrorAsync(reason);
}
