using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Relatives;

/// <summary>
/// The people of one cell who show themselves to relatives, in memory only, and those of its neighbours close to the edge. It cannot be asked who is at a place:
/// it answers to a report, and only those relatives of the reporter who are within reach of her and of whom each shows herself to the other. Key: the geohash.
/// </summary>
[Alias("sos.relatives.ISharingCellGrain")]
public interface ISharingCellGrain : IGrainWithStringKey
{
    /// <summary>Puts an entry in, unless what is known of the person is newer, and answers her relatives within reach.</summary>
    [Alias("Share")] Task<ImmutableArray<RelativeSighting>> Share(SharingEntry entry);

    /// <summary>Takes a person out who has moved to another cell or withdrawn; newer entries stay, older ones on their way are not taken any more.</summary>
    [Alias("Leave")] Task Leave(SharingLeave leave);

    /// <summary>What a neighbour holds close to this cell.</summary>
    [Alias("Border"), OneWay] Task Border(SharingBorder border);
}
