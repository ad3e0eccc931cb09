using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones;

/// <summary>A zone as positions are compared with it.</summary>
/// <param name="id">Zone id.</param>
/// <param name="zone">What it is.</param>
/// <param name="version">Its version.</param>
internal sealed class MapZone(Guid id, ZoneDraft zone, long version = 1)
{
    private volatile bool _withdrawn;

    /// <summary>Zone id.</summary>
    public Guid Id => id;

    /// <summary>What it is.</summary>
    public ZoneDraft Zone => zone;

    /// <summary>Its version.</summary>
    public long Version => version;

    /// <summary>Its outline.</summary>
    public ZoneOutline Outline { get; } = ZoneOutline.Of(zone.Shape);

    /// <summary>It was removed or changed: who is inside looks for the newer one.</summary>
    public bool Withdrawn
    {
        get => _withdrawn;
        set => _withdrawn = value;
    }

    /// <summary>Whether it counts at a moment.</summary>
    public bool CountsAt(DateTimeOffset at) => !(zone.Begins > at) && ScheduleRules.CountsAt(zone.Schedule, zone.Expires, at);
}

/// <summary>Zones with their index: never changed, made anew when a zone is.</summary>
/// <param name="zones">The zones.</param>
internal sealed class ZoneMap(IReadOnlyList<MapZone> zones)
{
    private readonly ZoneIndex _index = new([.. zones.Select(zone => zone.Outline.Box)]);

    /// <summary>A map without zones.</summary>
    public static ZoneMap Empty { get; } = new([]);

    /// <summary>The zones.</summary>
    public IReadOnlyList<MapZone> Zones => zones;

    /// <summary>Adds the zones whose boxes touch a box to a list, each once, at most <paramref name="most"/>.</summary>
    public void Find(ZoneBox box, List<MapZone> found, int most)
    {
        if (_index.Count == 0) return;
        Span<int> places = stackalloc int[64];
        var count = Math.Min(places.Length, _index.Find(box, places));
        foreach (var place in places[..count])
        {
            if (found.Count < most && !IsIn(found, zones[place].Id)) found.Add(zones[place]);
        }
    }

    private static bool IsIn(List<MapZone> found, Guid id)
    {
        foreach (var zone in found)
        {
            if (zone.Id == id) return true;
        }

        return false;
    }
}
