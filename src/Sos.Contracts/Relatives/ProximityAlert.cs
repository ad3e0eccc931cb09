using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Relatives;

/// <summary>A relative has come near, is near, or has gone: as a person's own devices are told it.</summary>
/// <param name="Relation">The relative's id in the person's list.</param>
/// <param name="Name">As the person calls her.</param>
/// <param name="Move">What has happened.</param>
/// <param name="Distance">Between the two, as exactly as the relative is shown.</param>
/// <param name="At">When.</param>
/// <param name="Point">Where the relative is, as exactly as she is shown; null when she has gone.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.proximity-alert")]
public sealed record ProximityAlert(
    [property: Id(0)] Guid Relation,
    [property: Id(1)] string Name,
    [property: Id(2)] NearbyMove Move,
    [property: Id(3)] Distance Distance,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] GeoPoint? Point);
