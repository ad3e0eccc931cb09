using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;

namespace Sos.Contracts.Zones;

/// <summary>Somebody who watches out for zones has come into one, a moment ago.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Risk">1 to 5.</param>
/// <param name="At">When she was inside first, as near as the fixes say.</param>
/// <param name="Point">Where she was when it was noticed.</param>
/// <param name="Crossed">She has gone through and is outside again.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.entry")]
public sealed record ZoneEntry(
    [property: Id(0)] Guid Zone,
    [property: Id(1)] string Name,
    [property: Id(2)] string Kind,
    [property: Id(3)] int Risk,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] GeoPoint Point,
    [property: Id(6)] bool Crossed);

/// <summary>What came of somebody's reports.</summary>
/// <param name="Outcome">Of the newest one.</param>
/// <param name="Entries">Zones that she has come into, none of them long ago; told again until <c>IUserGrain.Noted</c>.</param>
/// <param name="Changes">Relatives who have come near, are near still or have gone; told again until <c>IUserGrain.Noted</c>.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.position-outcome")]
public sealed record PositionOutcome(
    [property: Id(0)] ReportOutcome Outcome,
    [property: Id(1)] ImmutableArray<ZoneEntry> Entries,
    [property: Id(2)] ImmutableArray<NearbyChange> Changes);
