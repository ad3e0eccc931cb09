namespace Orleans.Streams;

/// <summary>What call filters see when an event is delivered: Orleans delivers by a call to this interface.</summary>
internal interface IStreamConsumerExtension
{
    Task DeliverBatch(Guid subscriptionId, object batch);

    Task ErrorInStream(Guid subscriptionId, Exception exc);
}
