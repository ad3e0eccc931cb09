using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Responders;

namespace Sos.Contracts.Geo;

/// <summary>A responder on duty in a cell; found by dispatch and staff only.</summary>
/// <param name="Person">User id.</param>
/// <param name="Epoch">Grows with every change of duty and activation of the person; a newer epoch beats an older one.</param>
/// <param name="Seq">Grows with every report inside an epoch.</param>
/// <param name="Point">The position.</param>
/// <param name="At">When the person was last heard of; younger than 60 s is live, older is stale.</param>
/// <param name="Expires">When the position is 30 min old: from then on it is never found, and soon dropped.</param>
/// <param name="Traits">What dispatch scores by; null where it is not known.</param>
[GenerateSerializer, Immutable, Alias("sos.geo.entry")]
public sealed record CellEntry(
    [property: Id(0)] Guid Person,
    [property: Id(2)] long Epoch,
    [property: Id(3)] long Seq,
    [property: Id(4)] GeoPoint Point,
    [property: Id(5)] DateTimeOffset At,
    [property: Id(6)] DateTimeOffset Expires,
    [property: Id(7)] ResponderTraits? Traits);

/// <summary>A search in one cell.</summary>
/// <param name="Centre">Where from.</param>
/// <param name="Radius">How far.</param>
/// <param name="Limit">Most hits, 1 to 200.</param>
/// <param name="FreeOnly">Leaves out responders without free capacity, so that a crowd of busy ones near by does not hide a free one further off.</param>
[GenerateSerializer, Immutable, Alias("sos.geo.query")]
public sealed record CellQuery(
    [property: Id(0)] GeoPoint Centre,
    [property: Id(1)] Distance Radius,
    [property: Id(2)] int Limit,
    [property: Id(4)] bool FreeOnly = false);

/// <summary>What a cell found.</summary>
/// <param name="Warming">The cell is younger than 60 s and has not heard of everybody: ask again instead of looking further away.</param>
/// <param name="Hits">Nearest first; never expired ones.</param>
[GenerateSerializer, Immutable, Alias("sos.geo.answer")]
public sealed record CellAnswer([property: Id(0)] bool Warming, [property: Id(1)] ImmutableArray<CellHit> Hits);

/// <summary>One person found.</summary>
/// <param name="Entry">The entry as reported.</param>
/// <param name="Distance">Great-circle distance from the query's centre.</param>
/// <param name="Freshness">Live or stale.</param>
[GenerateSerializer, Immutable, Alias("sos.geo.hit")]
public sealed record CellHit([property: Id(0)] CellEntry Entry, [property: Id(1)] Distance Distance, [property: Id(2)] Freshness Freshness);
