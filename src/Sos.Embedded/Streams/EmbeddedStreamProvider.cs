using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Sos.Embedded.Runtime;

namespace Sos.Embedded.Streams;

/// <summary>
/// Streams within the process. Publishing only queues; each subscription is served on its own, in order, by calls to its grain.
/// Events die with the process, so they are hints: the truth is in the grains' records.
/// </summary>
internal sealed partial class EmbeddedStreamProvider(string name, ISilo silo, EmbeddedStreamOptions options) : IStreamProvider
{
    private readonly object _gate = new();
    private readonly ILogger _logger = silo.LoggerFactory.CreateLogger("Sos.Embedded.Streams");
    private readonly SubscriptionTable _subscriptions = new(name, silo.GrainClasses);
    private long _lastEvent;

    public string Name => name;

    public bool IsRewindable => false;

    public ILogger Logger => _logger;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new EmbeddedStream<T>(this, streamId);

    /// <summary>Queues an event for everybody who is subscribed now. Nothing is delivered before this returns.</summary>
    /// <exception cref="InvalidOperationException">A subscription's queue is full.</exception>
    public Task Publish(StreamId stream, object item)
    {
        lock (_gate)
        {
            var subscriptions = _subscriptions.Of(stream);
            if (subscriptions.Any(one => one.Waiting.Count >= options.QueueCapacity))
                return Task.FromException(new InvalidOperationException($"The queue of a consumer of {stream.GetNamespace()} has reached its maximum of {options.QueueCapacity}."));
            var token = new EventToken(++_lastEvent);
            foreach (var subscription in subscriptions)
            {
                subscription.Waiting.Enqueue((item, token));
                if (subscription.IsDelivering) continue;
                subscription.IsDelivering = true;
                Start(subscription);
            }
        }

        return Task.CompletedTask;
    }

    public Guid Subscribe(StreamId stream, GrainId consumer)
    {
        lock (_gate) return _subscriptions.Add(stream, consumer);
    }

    public void Unsubscribe(StreamId stream, Guid id)
    {
        lock (_gate) _subscriptions.Remove(stream, id);
    }

    public List<Guid> SubscriptionsOf(StreamId stream, GrainId consumer)
    {
        lock (_gate) return _subscriptions.IdsOf(stream, consumer);
    }

    // What the producer's call carries (its request context above all) is not the consumer's.
    private void Start(Subscription subscription)
    {
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        _ = Task.Factory.StartNew(() => DeliverAll(subscription), CancellationToken.None, TaskCreationOptions.None, silo.BackgroundScheduler);
    }

    private async Task DeliverAll(Subscription subscription)
    {
        await Task.Delay(options.DrawDelay?.Invoke() ?? options.DeliveryDelay, silo.TimeProvider);
        while (true)
        {
            (object Item, EventToken Token) next;
            lock (_gate)
            {
                if (subscription.IsEnded || !subscription.Waiting.TryDequeue(out next))
                {
                    subscription.IsDelivering = false;
                    _subscriptions.Idle(subscription);
                    return;
                }
            }

            await Deliver(subscription, next.Item, next.Token);
        }
    }

    private async Task Deliver(Subscription subscription, object item, EventToken token)
    {
        var begin = silo.TimeProvider.GetTimestamp();
        var wait = options.FirstRetry;
        while (true)
        {
            try
            {
                await silo.Deliver(subscription.Consumer, new EventDelivery(this, subscription, item, token));
                return;
            }
            catch (Exception failure)
            {
                if (subscription.IsEnded) return;
                if (silo.TimeProvider.GetElapsedTime(begin) + wait > options.MaxDeliveryTime)
                {
                    LogDropped(subscription.Consumer.Type, subscription.Stream.GetNamespace(), failure);
                    await TellLoss(subscription, failure);
                    return;
                }

                LogRetry(subscription.Consumer.Type, subscription.Stream.GetNamespace(), wait, failure);
            }

            await Task.Delay(wait, silo.TimeProvider);
            wait = wait * 2 < options.LongestRetry ? wait * 2 : options.LongestRetry;
        }
    }

    private async Task TellLoss(Subscription subscription, Exception failure)
    {
        try
        {
            await silo.Deliver(subscription.Consumer, new LossDelivery(subscription, failure));
        }
        catch (Exception again)
        {
            LogLossUntold(subscription.Consumer.Type, again);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An event of {Namespace} could not be delivered to a grain {GrainType}; tried again in {Wait}")]
    private partial void LogRetry(GrainType grainType, string? @namespace, TimeSpan wait, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "An event of {Namespace} could not be delivered to a grain {GrainType} in time and is dropped")]
    private partial void LogDropped(GrainType grainType, string? @namespace, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A grain {GrainType} could not be told that an event was dropped")]
    private partial void LogLossUntold(GrainType grainType, Exception failure);
}
