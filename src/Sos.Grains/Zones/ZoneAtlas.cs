using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones;

/// <summary>
/// The zones of a process: for every cell that somebody was in lately a map that never changes, asked for again every few seconds by whoever comes by first. A
/// report looks into maps that are there and waits for nothing.
/// </summary>
internal sealed partial class ZoneAtlas(IGrainFactory grains, TimeProvider time, IOptions<ZoneOptions> options, ILogger<ZoneAtlas> logger)
{
    /// <summary>A longer way is looked at where it begins and ends only.</summary>
    private const int MostCellsOfAWay = 16;

    private const int MostAtOnce = 64;
    private readonly ConcurrentDictionary<string, AtlasCell> _cells = new();

    /// <summary>Adds the maps of every cell that a box touches to a list: the finest cells and all above them that list anything.</summary>
    public async ValueTask Gather(ZoneBox box, List<ZoneMap> maps)
    {
        var cells = ZoneCover.Of(box, ZoneCells.Finest, MostCellsOfAWay);
        if (cells.IsDefault) cells = [.. ZoneCover.Of(box with { North = box.South, East = box.West }, ZoneCells.Finest, 1), .. ZoneCover.Of(ZoneBox.Normal(box.North, box.East, box.North, box.East), ZoneCells.Finest, 1)];
        foreach (var cell in cells)
        {
            var at = await Look(ZoneCells.Root);
            Add(at.Map, maps);
            for (var length = 0; length < cell.Length && at.Below.Contains(cell[length], StringComparison.Ordinal); length++)
            {
                at = await Look(cell[..(length + 1)]);
                Add(at.Map, maps);
            }
        }
    }

    private static void Add(ZoneMap map, List<ZoneMap> maps)
    {
        if (map.Zones.Count > 0 && !maps.Contains(map)) maps.Add(map);
    }

    private async ValueTask<KnownCell> Look(string key)
    {
        if (!_cells.TryGetValue(key, out var cell))
        {
            if (_cells.Count >= options.Value.MostCells) _cells.Clear();
            cell = _cells.GetOrAdd(key, static _ => new AtlasCell());
        }

        // One asks, the others go on with what is known; who finds nothing known asks too.
        var (known, now) = (cell.Known, time.GetUtcNow());
        if (now < known.AskAt || !cell.TryBegin()) return known;
        try
        {
            var list = await grains.GetGrain<IZoneIndexGrain>(key).Read(known.Stamp);
            var next = list is null ? known : await Take(key, known, list);
            return cell.Known = next with { AskAt = now + options.Value.RefreshEvery };
        }
        catch (Exception trouble)
        {
            // Yesterday's zones are better than none; asked again soon.
            LogNotAnswered(trouble.GetType().Name);
            return cell.Known = known with { AskAt = now + options.Value.RefreshEvery / 4 };
        }
        finally
        {
            cell.End();
        }
    }

    private async Task<KnownCell> Take(string key, KnownCell known, ZoneCellList list)
    {
        var (kept, zones) = (known.Map.Zones.ToDictionary(zone => zone.Id), new List<MapZone>(list.Zones.Length));
        foreach (var batch in list.Zones.Chunk(MostAtOnce))
        {
            var read = await Task.WhenAll(batch.Select(listed => kept.TryGetValue(listed.Id, out var same) && same.Version >= listed.Version
                ? Task.FromResult<MapZone?>(same)
                : Read(listed.Id)));
            zones.AddRange(read.OfType<MapZone>());
        }

        // Listed twice in a row without being there, or elsewhere: not on its way, but left behind by a kill.
        var strays = zones.Where(zone => !ZoneCover.Finest(zone.Outline.Box).Contains(key)).Select(zone => zone.Id)
            .Concat(list.Zones.Select(listed => listed.Id).Except(zones.Select(zone => zone.Id))).ToHashSet();
        foreach (var stray in strays.Intersect(known.Strays)) await grains.GetGrain<IZoneGrain>(stray).Straighten(key);

        // A zone that is listed and not stored yet is asked for again.
        var versions = zones.ToDictionary(zone => zone.Id, zone => zone.Version);
        var complete = list.Zones.All(listed => versions.TryGetValue(listed.Id, out var version) && version >= listed.Version);
        var next = new KnownCell(new ZoneMap(zones), list.Below, complete && strays.Count == 0 ? list.Stamp : -1, strays, default);
        foreach (var zone in known.Map.Zones)
        {
            if (!versions.TryGetValue(zone.Id, out var version) || version != zone.Version) zone.Withdrawn = true;
        }

        return next;
    }

    private async Task<MapZone?> Read(Guid id) => await grains.GetGrain<IZoneGrain>(id).Read() is { } zone ? new MapZone(zone.Id, zone.Draft, zone.Version) : null;

    // No cell: where somebody looks is where somebody is.
    [LoggerMessage(Level = LogLevel.Warning, Message = "The zones of a cell could not be asked for: {Exception}.")]
    private partial void LogNotAnswered(string exception);

    /// <summary>What is known of a cell at a moment.</summary>
    private sealed record KnownCell(ZoneMap Map, string Below, long Stamp, IReadOnlySet<Guid> Strays, DateTimeOffset AskAt);

    /// <summary>One cell, for all who come by.</summary>
    private sealed class AtlasCell
    {
        private static readonly KnownCell Nothing = new(ZoneMap.Empty, "", -1, new HashSet<Guid>(), DateTimeOffset.MinValue);
        private volatile KnownCell _known = Nothing;
        private int _asking;

        public KnownCell Known
        {
            get => _known;
            set => _known = value;
        }

        public bool TryBegin() => Interlocked.Exchange(ref _asking, 1) == 0 || ReferenceEquals(_known, Nothing);

        public void End() => Volatile.Write(ref _asking, 0);
    }
}
