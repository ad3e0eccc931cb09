using System.Collections.Immutable;
using Sos.Contracts.Zones;
using Sos.Grains.Geo;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones;

/// <summary>Compares the positions of somebody who watches out for zones with those around her, and keeps in mind what she is still to be told.</summary>
/// <param name="atlas">The zones of this process.</param>
/// <param name="options">When it is too late to tell.</param>
/// <param name="watches">Whether she watches; nothing is looked at, and nothing kept in mind, while she does not.</param>
internal sealed class ZoneStep(ZoneAtlas atlas, GeoOptions options, Func<bool> watches) : IPositionStep
{
    /// <summary>More than she has to be told at once.</summary>
    private const int MostUntold = 8;

    private readonly ZonePresence _presence = new();
    private readonly List<ZoneMap> _maps = [];
    private readonly List<ZonePassage> _passages = [];
    private readonly List<ZoneEntry> _untold = [];

    public async ValueTask<bool> Take(PositionWork work)
    {
        if (!watches())
        {
            _presence.Forget();
            _untold.Clear();
            return true;
        }

        var (fix, from) = (work.Fix!, work.Motion is { IsOneWay: true } motion ? motion.From : null);
        _maps.Clear();
        await atlas.Gather(from is null ? ZoneBox.Of(fix.Point) : ZoneBox.Of(from.Point, fix.Point), _maps);
        _passages.Clear();
        _presence.Take(fix, from, _maps, _passages);
        if (work.Report.EnteredMark is { } mark) _presence.Believe(mark, fix, _maps, _passages);
        foreach (var (zone, move, at) in _passages)
        {
            // What was true a while ago warns nobody any more.
            if (move is not (ZoneMove.Entered or ZoneMove.Crossed) || work.Age > options.LateAfter) continue;
            if (_untold.Count == MostUntold) _untold.RemoveAt(0);
            _untold.Add(new ZoneEntry(zone.Id, zone.Zone.Name, zone.Zone.Kind, zone.Zone.Risk, at, fix.Point, move == ZoneMove.Crossed));
        }

        return true;
    }

    /// <summary>What she is still to be told.</summary>
    public ImmutableArray<ZoneEntry> Untold(DateTimeOffset now)
    {
        if (_untold.Count == 0) return [];
        _untold.RemoveAll(entry => now - entry.At > options.LateAfter + options.OneWayWithin);
        return [.. _untold];
    }

    /// <summary>She has been told.</summary>
    public void Told(ImmutableArray<ZoneEntry> entries) => _untold.RemoveAll(entries.Contains);
}
