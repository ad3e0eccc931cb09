using System.Reflection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;
using Sos.Embedded.Runtime;

namespace Sos.Embedded.Streams;

/// <summary>One event on its way into a turn of its consumer.</summary>
internal sealed partial class EventDelivery(EmbeddedStreamProvider provider, Subscription subscription, object item, StreamSequenceToken token) : GrainDelivery
{
    private static readonly MethodInfo Method = typeof(IStreamConsumerExtension).GetMethod(nameof(IStreamConsumerExtension.DeliverBatch))!;

    public override MethodInfo InterfaceMethod => Method;

    public override async Task Run(IActivation activation)
    {
        if (activation.GetComponent<StreamObservers>()?.Find(subscription.Id) is null && activation.GrainInstance is IStreamSubscriptionObserver grain)
            await grain.OnSubscribed(new HandleFactory(provider, subscription));

        if (activation.GetComponent<StreamObservers>()?.Find(subscription.Id) is { } sink)
        {
            await sink.Deliver(item, token);
            return;
        }

        // An explicit subscriber that did not resume after it was activated: as on Orleans, the event is lost for it.
        LogNobody(provider.Logger, activation.GrainId.Type, subscription.Stream.GetNamespace());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A grain {GrainType} has no observer for its subscription to {Namespace}; the event is dropped")]
    private static partial void LogNobody(ILogger logger, GrainType grainType, string? @namespace);

    private sealed class HandleFactory(EmbeddedStreamProvider provider, Subscription subscription) : IStreamSubscriptionHandleFactory
    {
        public StreamId StreamId => subscription.Stream;

        public string ProviderName => provider.Name;

        public StreamSubscriptionHandle<T> Create<T>() => new SubscriptionHandle<T>(provider, subscription.Stream, subscription.Id);
    }
}

/// <summary>Tells a consumer that an event of its subscription was given up.</summary>
internal sealed class LossDelivery(Subscription subscription, Exception reason) : GrainDelivery
{
    private static readonly MethodInfo Method = typeof(IStreamConsumerExtension).GetMethod(nameof(IStreamConsumerExtension.ErrorInStream))!;

    public override MethodInfo InterfaceMethod => Method;

    public override Task Run(IActivation activation)
        => activation.GetComponent<StreamObservers>()?.Find(subscription.Id)?.Fail(reason) ?? Task.CompletedTask;
}
