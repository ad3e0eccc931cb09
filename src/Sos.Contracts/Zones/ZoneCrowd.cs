using Orleans;

namespace Sos.Contracts.Zones;

/// <summary>Many people have come into a zone within minutes.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Risk">1 to 5.</param>
/// <param name="Area">The area where the last of them came in.</param>
/// <param name="People">How many at least; who they are is kept nowhere.</param>
/// <param name="At">When that many had come.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.crowd")]
public sealed record ZoneCrowd(
    [property: Id(0)] Guid Zone,
    [property: Id(1)] string Name,
    [property: Id(2)] int Risk,
    [property: Id(3)] string Area,
    [property: Id(4)] int People,
    [property: Id(5)] DateTimeOffset At);
