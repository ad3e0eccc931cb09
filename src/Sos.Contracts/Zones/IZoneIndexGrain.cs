using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Zones;

/// <summary>
/// The zones listed in one cell, and below which letters there are more: a zone is listed in the few finest cells (geohashes of 1 to 5 letters) that hold it.
/// Key: the geohash, or <see cref="ZoneCells.Root"/>.
/// </summary>
[Alias("sos.zones.IZoneIndexGrain")]
public interface IZoneIndexGrain : IGrainWithStringKey
{
    /// <summary>Lists zones, or newer versions of them; durable, what is known costs no write. False, and nothing is listed, when there is no room.</summary>
    [Alias("Add")] Task<bool> Add(ImmutableArray<ListedZone> zones);

    /// <summary>Takes a zone off the list.</summary>
    [Alias("Remove")] Task Remove(Guid zone);

    /// <summary>Notes that something is listed below these letters; durable, known ones cost no write.</summary>
    [Alias("NoteBelow")] Task NoteBelow(string letters);

    /// <summary>The list; null when it is still the one of this stamp. −1: any.</summary>
    [Alias("Read"), AlwaysInterleave] Task<ZoneCellList?> Read(long known);
}
