using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Zones.Cap;

/// <summary>A feed of official warnings that is asked for news again and again, by one of all servers. Key: the feed's name in the configuration.</summary>
[Alias("sos.zones.cap.ICapFeedGrain")]
public interface ICapFeedGrain : IGrainWithStringKey
{
    /// <summary>Begins to ask, and goes on after restarts; again: changes nothing. It ends by itself when the feed is taken out of the configuration.</summary>
    [Alias("Start")] Task Start();

    /// <summary>Takes in what a round came to; only the feed itself calls it.</summary>
    [Alias("Settle"), OneWay] Task Settle(CapFeedRound round);

    /// <summary>How the feed is.</summary>
    [Alias("Read"), AlwaysInterleave] Task<CapFeedHealth> Read();
}
