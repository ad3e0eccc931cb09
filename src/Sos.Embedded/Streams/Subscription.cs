using Orleans.Runtime;

namespace Sos.Embedded.Streams;

/// <summary>One grain's subscription to one stream, with the events that wait for it.</summary>
internal sealed class Subscription(Guid id, StreamId stream, GrainId consumer, bool isImplicit)
{
    public Guid Id { get; } = id;

    public StreamId Stream { get; } = stream;

    public GrainId Consumer { get; } = consumer;

    public bool IsImplicit { get; } = isImplicit;

    public Queue<(object Item, EventToken Token)> Waiting { get; } = new();

    /// <summary>Somebody is delivering; events are delivered one after the other.</summary>
    public bool IsDelivering { get; set; }

    public bool IsEnded { get; set; }
}
