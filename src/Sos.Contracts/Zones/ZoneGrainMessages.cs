using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Zones;

/// <summary>A zone as it is stored.</summary>
/// <param name="Id">Zone id.</param>
/// <param name="Version">Grows with every change, from 1.</param>
/// <param name="Draft">What it is.</param>
/// <param name="ChangedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.zone")]
public sealed record Zone([property: Id(0)] Guid Id, [property: Id(1)] long Version, [property: Id(2)] ZoneDraft Draft, [property: Id(3)] DateTimeOffset ChangedAt);

/// <summary>Why a zone is refused.</summary>
public enum ZoneRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>A cell that it lies in has as many zones as one can have.</summary>
    CellFull,

    /// <summary>There is no such zone (any more).</summary>
    NotFound,
}

/// <summary>What came of a change.</summary>
/// <param name="Refusal">None when it was done.</param>
/// <param name="Zone">The zone afterwards; null when refused.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.outcome")]
public sealed record ZoneOutcome([property: Id(0)] ZoneRefusal Refusal, [property: Id(1)] Zone? Zone);

/// <summary>A zone in the list of a cell.</summary>
/// <param name="Id">Zone id.</param>
/// <param name="Version">The version that is stored, or is about to be.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.listed")]
public sealed record ListedZone([property: Id(0)] Guid Id, [property: Id(1)] long Version);

/// <summary>What a cell lists.</summary>
/// <param name="Stamp">Grows with every change of the list.</param>
/// <param name="Zones">The zones, in the order of their ids.</param>
/// <param name="Below">Last letters of the cells below in which anything is listed.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cell")]
public sealed record ZoneCellList([property: Id(0)] long Stamp, [property: Id(1)] ImmutableArray<ListedZone> Zones, [property: Id(2)] string Below);
