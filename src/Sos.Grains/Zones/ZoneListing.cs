using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones;

/// <summary>A page of zones.</summary>
/// <param name="Zones">In the order of their ids, which is that of their making.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
public sealed record ZonePage(ImmutableArray<Zone> Zones, Guid? Next);

/// <summary>Lists the zones of a box, and makes many at once.</summary>
public sealed class ZoneListing(IGrainFactory grains)
{
    /// <summary>Lists that one question may read.</summary>
    private const int MostCells = 4_096;

    private const int AtOnce = 64;

    /// <summary>The areas (geohashes of four letters) that a shape lies in; null when there are more than 256.</summary>
    public static ImmutableArray<string>? AreasOf(ZoneShape shape) =>
        ZoneCover.Of(ZoneOutline.Of(shape).Box, GeocellId.AreaLength, 256) is { IsDefault: false } areas ? areas : null;

    /// <summary>The zones whose boxes touch a box, after an id; null when the box is too large to be looked through.</summary>
    /// <param name="box">A box; its east edge may lie west of its west edge, over the antimeridian.</param>
    /// <param name="after">Ids up to this one are left out.</param>
    /// <param name="limit">Most zones.</param>
    public async Task<ZonePage?> Page(GeoBounds box, Guid? after, int limit)
    {
        var wanted = ZoneBox.Normal(box.South, box.West, box.North, box.East < box.West ? box.East + 360 : box.East);
        if (await Listed(wanted) is not { } ids) return null;
        var zones = ImmutableArray.CreateBuilder<Zone>();
        foreach (var batch in ids.Where(id => after is null || id.CompareTo(after.Value) > 0).Chunk(AtOnce))
        {
            foreach (var zone in await Task.WhenAll(batch.Select(id => grains.GetGrain<IZoneGrain>(id).Read())))
            {
                if (zone is null || !ZoneOutline.Of(zone.Draft.Shape).Box.Touches(wanted)) continue;
                if (zones.Count == limit) return new ZonePage(zones.ToImmutable(), zones[^1].Id);
                zones.Add(zone);
            }
        }

        return new ZonePage(zones.ToImmutable(), null);
    }

    /// <summary>
    /// The zones nearest to a point as circles around them, for geofences that know no other shape; nearest first. Those that are wider than the radius are left out: who is near is inside.
    /// </summary>
    /// <param name="point">Where somebody is.</param>
    /// <param name="radius">How far to look.</param>
    /// <param name="most">Most circles.</param>
    public async Task<ImmutableArray<ZoneCircle>> Near(GeoPoint point, Distance radius, int most)
    {
        var box = ZoneBox.Of(point).Grown(radius.Metres);
        if (await Listed(box) is not { } ids) return [];
        var found = new List<(double Away, ZoneCircle Circle)>();
        foreach (var batch in ids.Chunk(AtOnce))
        {
            foreach (var zone in await Task.WhenAll(batch.Select(id => grains.GetGrain<IZoneGrain>(id).Read())))
            {
                if (zone is null) continue;
                var outline = ZoneOutline.Of(zone.Draft.Shape);
                var circle = ZoneCircle.Around(zone, outline.Box);
                if (outline.SignedDistance(point) is var away && away <= radius.Metres && circle.Radius <= radius) found.Add((away, circle));
            }
        }

        return [.. found.OrderBy(one => one.Away).ThenBy(one => one.Circle.Zone).Take(most).Select(one => one.Circle)];
    }

    /// <summary>The id of a zone of an import that may come again: of the import's key, the feature's number and what it draws.</summary>
    public static Guid IdOf(Guid import, int feature, ZoneDraft draft)
    {
        var key = import.ToByteArray(bigEndian: true);
        var id = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{import:N}\n{feature}\n{draft.Name}\n{draft.Kind}\n{PackedShape.Pack(draft.Shape)}"))).AsSpan(0, 16);

        // The time of a key of version 7 puts its zones where others of that time are.
        key.AsSpan(0, 6).CopyTo(id);
        id[6] = (byte)(0x70 | id[6] & 0x0F);
        id[8] = (byte)(0x80 | id[8] & 0x3F);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>Makes zones, each with the id given. Lists are written once for all of them; answers what came of each.</summary>
    /// <param name="zones">The zones.</param>
    /// <param name="keep">Those that are there already stay as they are.</param>
    /// <param name="made">Told how many are done, after each batch.</param>
    public async Task<ImmutableArray<ZoneOutcome>> Make(IReadOnlyList<(Guid Id, ZoneDraft Draft)> zones, bool keep = false, Func<int, Task>? made = null)
    {
        var lists = zones.SelectMany(zone => ZoneCover.Finest(ZoneOutline.Of(zone.Draft.Shape).Box).Select(cell => (Cell: cell, zone.Id))).ToLookup(pair => pair.Cell, pair => new ListedZone(pair.Id, 1));
        var above = new Dictionary<string, SortedSet<char>>();
        foreach (var list in lists)
        {
            for (var cell = list.Key; cell != ZoneCells.Root; cell = ZoneCells.Above(cell))
            {
                if (!above.TryGetValue(ZoneCells.Above(cell), out var letters)) above[ZoneCells.Above(cell)] = letters = [];
                letters.Add(cell[^1]);
            }
        }

        await InTurn(above.ToList(), pair => grains.GetGrain<IZoneIndexGrain>(pair.Key).NoteBelow(string.Concat(pair.Value)));

        // A list without room refuses all of its zones; each then asks for itself, and those that find room are made.
        await InTurn(lists.ToList(), list => grains.GetGrain<IZoneIndexGrain>(list.Key).Add([.. list]));
        var outcomes = new ZoneOutcome[zones.Count];
        await InTurn(Enumerable.Range(0, zones.Count).ToList(), async i => outcomes[i] = await Put(zones[i].Id, zones[i].Draft, keep), made);
        return [.. outcomes];
    }

    private static async Task InTurn<T>(IReadOnlyList<T> items, Func<T, Task> act, Func<int, Task>? done = null)
    {
        var count = 0;
        foreach (var batch in items.Chunk(4 * AtOnce))
        {
            await Task.WhenAll(batch.Select(act));
            if (done is not null) await done(count += batch.Length);
        }
    }

    private async Task<ZoneOutcome> Put(Guid id, ZoneDraft draft, bool keep)
    {
        var zone = grains.GetGrain<IZoneGrain>(id);
        return keep && await zone.Read() is { } there ? new ZoneOutcome(ZoneRefusal.None, there) : await zone.Put(draft);
    }

    private async Task<SortedSet<Guid>?> Listed(ZoneBox box)
    {
        var (ids, level, asked) = (new SortedSet<Guid>(), new List<string> { ZoneCells.Root }, 0);
        while (level.Count > 0)
        {
            if ((asked += level.Count) > MostCells) return null;
            var lists = await Task.WhenAll(level.Select(cell => grains.GetGrain<IZoneIndexGrain>(cell).Read(-1)));
            var below = new List<string>();
            for (var i = 0; i < lists.Length; i++)
            {
                foreach (var zone in lists[i]!.Zones) ids.Add(zone.Id);
                foreach (var letter in lists[i]!.Below)
                {
                    var cell = ZoneCells.Below(level[i], letter);
                    if (GeocellId.TryParse(cell, out var id) && id.Bounds() is var b && new ZoneBox(b.South, b.West, b.North, b.East).Touches(box)) below.Add(cell);
                }
            }

            level = below;
        }

        return ids;
    }
}
