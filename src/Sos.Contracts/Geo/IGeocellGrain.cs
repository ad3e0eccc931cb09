using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Geo;

/// <summary>
/// The responders on duty in one geohash-5 cell, in memory only: rebuilt from heartbeats and, while younger than 60 s, from the area's roster.
/// A cell is a hint; <see cref="Responders.IResponderGrain.TryReserve"/> confirms. Key: the geohash.
/// </summary>
[Alias("sos.geo.IGeocellGrain")]
public interface IGeocellGrain : IGrainWithStringKey
{
    /// <summary>Puts an entry in, or refreshes it; an entry older than the one held, by (epoch, seq), changes nothing.</summary>
    [Alias("Report")]
    Task Report(CellEntry entry);

    /// <summary>Takes a person out who has moved to another cell or gone off duty; newer entries stay.</summary>
    [Alias("Leave")]
    Task Leave(Guid person, long epoch, long seq);

    /// <summary>The nearest entries within a radius, nearest first, live and stale ones alike; expired ones are never found.</summary>
    [Alias("Nearest"), AlwaysInterleave]
    Task<CellAnswer> Nearest(CellQuery query);
}
