using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Zones.Cap;

/// <summary>
/// What is published of a zone: a chain of messages of which the newest counts, each naming those before it. Key: zone id.
/// </summary>
[Alias("sos.zones.cap.ICapPublicationGrain")]
public interface ICapPublicationGrain : IGrainWithGuidKey
{
    /// <summary>Publishes the zone, or changes how; durable. Null: it is published as the other of exercise and actual, and must be withdrawn first, or there is no room.</summary>
    [Alias("Publish")] Task<CapPublication?> Publish(CapMark mark, Zone zone);

    /// <summary>
    /// What counts now that the zone is as it is: a zone that has changed is an update, one that is gone a cancellation. Asked by whoever reads the feed, so nothing between zone and feed can be lost.
    /// Null: nothing is published, or it ended a while ago.
    /// </summary>
    [Alias("Follow")] Task<CapPublication?> Follow(Zone? zone);

    /// <summary>Ends it by a cancellation; nothing, when nothing is published.</summary>
    [Alias("Withdraw")] Task Withdraw();

    /// <summary>The newest message; null when nothing is published.</summary>
    [Alias("Read"), AlwaysInterleave] Task<CapPublication?> Read();
}
