namespace Sos.Embedded.Streams;

/// <summary>How events travel from producer to consumer.</summary>
public sealed class EmbeddedStreamOptions
{
    /// <summary>From the first queued event of an idle subscription to its delivery; stands for Orleans' polling, which takes longer.</summary>
    public TimeSpan DeliveryDelay { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long the delivery of one event is tried again before it is dropped. It blocks its own subscription only.</summary>
    public TimeSpan MaxDeliveryTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>From a failed delivery to the next try: at first.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>From a failed delivery to the next try: at most; each wait is double the one before.</summary>
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Events that may wait for one subscription; publishing more fails, as on Orleans' memory streams.</summary>
    public int QueueCapacity { get; set; } = 16_384;

    /// <summary>
    /// Where set, gives each wait before a delivery in place of <see cref="DeliveryDelay"/>. A simulation draws it from its seed, so
    /// that streams overtake each other; within one subscription events stay in order.
    /// </summary>
    public Func<TimeSpan>? DrawDelay { get; set; }
}
