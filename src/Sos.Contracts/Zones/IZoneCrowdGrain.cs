using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Zones;

/// <summary>
/// Notices that many people come into one zone within minutes, and tells the operators who follow its area: how many, and nobody's name. In memory only, and no more of it than is
/// needed to count. Key: zone id.
/// </summary>
[Alias("sos.zones.IZoneCrowdGrain")]
public interface IZoneCrowdGrain : IGrainWithGuidKey
{
    /// <summary>Somebody who watches out for zones has come into this one.</summary>
    [Alias("Enter"), OneWay] Task Enter(Guid person, ZoneEntry entry);
}
