using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones;

/// <summary>What somebody did at a zone.</summary>
internal enum ZoneMove
{
    /// <summary>She is inside.</summary>
    Entered,

    /// <summary>She has left.</summary>
    Left,

    /// <summary>She went through between two fixes.</summary>
    Crossed,

    /// <summary>She was inside and nothing was heard of her since, or the zone is no more.</summary>
    Lapsed,
}

/// <summary>Somebody entered, left or crossed a zone.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Move">What she did.</param>
/// <param name="At">When, as near as the fixes say.</param>
internal readonly record struct ZonePassage(MapZone Zone, ZoneMove Move, DateTimeOffset At);

/// <summary>
/// In which zones somebody is. Fixes are uncertain, so an edge is not believed twice in a row: inside is one fix that is inside by its own accuracy, or two in a
/// row; outside is two in a row that are outside by four times it. A way through a zone between two fixes counts when enough of it lies inside. Memory only.
/// </summary>
internal sealed class ZonePresence
{
    /// <summary>Zones looked at for one fix, and kept in mind; who is in more is in a place where zones mean nothing.</summary>
    public const int MostZones = 64;

    /// <summary>Where the device did not say how accurate it is, metres.</summary>
    public const double UsualAccuracy = 10;

    /// <summary>Less accurate fixes say nothing about zones, metres.</summary>
    public const double WorstAccuracy = 500;

    /// <summary>Leaving takes at least so many metres beyond the edge, and so many times the accuracy: noise of the size that a device admits to goes so far once in 30,000 fixes.</summary>
    public const double LeastExit = 25, ExitAccuracies = 4;

    /// <summary>A way through counts from so many metres inside, and so many times the accuracy: less can be noise at an edge.</summary>
    public const double LeastCrossing = 40, CrossingAccuracies = 4;

    /// <summary>How far beyond an edge a phone may be that says by itself that it has come in, metres: as far as its fix is uncertain, within these.</summary>
    public const double LeastSlack = 50, MostSlack = 200;

    /// <summary>Of whom nothing was heard for so long is in no zone any more.</summary>
    public static readonly TimeSpan LapsesAfter = TimeSpan.FromMinutes(30);

    private readonly List<Stay> _stays = [];
    private readonly List<MapZone> _near = [];
    private PositionFix? _before;

    /// <summary>The zones she is in.</summary>
    public IEnumerable<MapZone> Inside => _stays.Where(stay => stay.Inside).Select(stay => stay.Zone);

    /// <summary>Takes a fix, newer than the one before, and adds what it says to a list.</summary>
    /// <param name="fix">Where she is.</param>
    /// <param name="from">The fix before, where the line from it is the way she came; else null.</param>
    /// <param name="maps">The zones of all cells that the line touches.</param>
    /// <param name="passages">What she did.</param>
    public void Take(PositionFix fix, PositionFix? from, IReadOnlyList<ZoneMap> maps, List<ZonePassage> passages)
    {
        var accuracy = fix.Accuracy?.Metres ?? UsualAccuracy;
        if (accuracy > WorstAccuracy) return;
        if (_before is { } last && fix.At - last.At > LapsesAfter) Lapse(last.At, passages);
        // Between the two there may have been one that said nothing about zones.
        if (!ReferenceEquals(from, _before)) from = null;
        _near.Clear();
        var box = from is null ? ZoneBox.Of(fix.Point) : ZoneBox.Of(from.Point, fix.Point);
        foreach (var map in maps) map.Find(box, _near, MostZones);
        for (var i = _stays.Count - 1; i >= 0; i--) Follow(i, fix, accuracy, from, passages);
        foreach (var zone in _near)
        {
            if (zone.CountsAt(fix.At)) Arrive(new Stay { Zone = zone }, fix, accuracy, from, passages, isNew: true);
        }

        _before = fix;
    }

    /// <summary>
    /// Takes the word of the phone's own geofences, after its fix: that she has come into a zone is believed where the fix allows it. Who is inside already, by whoever's word, does not
    /// come in again.
    /// </summary>
    public void Believe(long mark, PositionFix fix, IReadOnlyList<ZoneMap> maps, List<ZonePassage> passages)
    {
        var slack = Math.Clamp(fix.Accuracy?.Metres ?? UsualAccuracy, LeastSlack, MostSlack);
        var zone = maps.SelectMany(map => map.Zones)
            .Where(zone => ZoneMarks.Of(zone.Id) == mark && !zone.Withdrawn && zone.CountsAt(fix.At) && zone.Outline.SignedDistance(fix.Point) <= slack)
            .MinBy(zone => zone.Outline.SignedDistance(fix.Point));
        if (zone is null || _stays.Exists(stay => stay.Zone.Id == zone.Id && stay.Inside)) return;
        _stays.RemoveAll(stay => stay.Zone.Id == zone.Id);
        if (_stays.Count == MostZones) return;
        _stays.Add(new Stay { Zone = zone, Inside = true, FirstAt = fix.At });
        passages.Add(new ZonePassage(zone, ZoneMove.Entered, fix.At));
        _before ??= fix;
    }

    /// <summary>She watches no more: nothing is kept in mind.</summary>
    public void Forget()
    {
        _stays.Clear();
        _before = null;
    }

    private void Lapse(DateTimeOffset at, List<ZonePassage> passages)
    {
        foreach (var stay in _stays)
        {
            if (stay.Inside) passages.Add(new ZonePassage(stay.Zone, ZoneMove.Lapsed, at));
        }

        Forget();
    }

    private void Follow(int place, PositionFix fix, double accuracy, PositionFix? from, List<ZonePassage> passages)
    {
        var stay = _stays[place];
        for (var i = _near.Count - 1; i >= 0; i--)
        {
            if (_near[i].Id != stay.Zone.Id) continue;
            if (stay.Zone.Withdrawn) stay.Zone = _near[i];
            _near.RemoveAt(i);
        }

        if (stay.Zone.Withdrawn || !stay.Zone.CountsAt(fix.At))
        {
            if (stay.Inside) passages.Add(new ZonePassage(stay.Zone, ZoneMove.Lapsed, fix.At));
            _stays.RemoveAt(place);
        }
        else if (!stay.Inside)
        {
            _stays.RemoveAt(place);
            Arrive(stay, fix, accuracy, from, passages, isNew: false);
        }
        else if (stay.Zone.Outline.SignedDistance(fix.Point) <= Math.Max(LeastExit, ExitAccuracies * accuracy)) stay.OutsideSince = null;
        else if (stay.OutsideSince is { } since)
        {
            passages.Add(new ZonePassage(stay.Zone, ZoneMove.Left, since));
            _stays.RemoveAt(place);
        }
        else stay.OutsideSince = fix.At;
    }

    // Not inside so far: inside now, perhaps inside, gone through, or nothing.
    private void Arrive(Stay stay, PositionFix fix, double accuracy, PositionFix? from, List<ZonePassage> passages, bool isNew)
    {
        var zone = stay.Zone;
        var distance = zone.Outline.SignedDistance(fix.Point);
        if (from is not null && !zone.CountsAt(from.At)) from = null;
        var way = from is null ? default : zone.Outline.Along(from.Point, fix.Point);
        if (stay.FirstAt is null && way.Share > 0) stay.FirstAt = from!.At + way.First * (fix.At - from.At);
        stay.Metres += from is null ? 0 : way.Share * from.Point.DistanceTo(fix.Point).Metres;
        if (distance <= 0)
        {
            stay.FirstAt ??= fix.At;
            stay.Inside = distance <= -accuracy || !isNew;
            if (stay.Inside) passages.Add(new ZonePassage(zone, ZoneMove.Entered, stay.FirstAt.Value));
            if (_stays.Count < MostZones) _stays.Add(stay);
        }
        else if (stay.Metres >= Math.Max(LeastCrossing, CrossingAccuracies * accuracy)) passages.Add(new ZonePassage(zone, ZoneMove.Crossed, stay.FirstAt!.Value));
    }

    private sealed class Stay
    {
        public required MapZone Zone { get; set; }

        public bool Inside { get; set; }

        /// <summary>When she was inside first, as far as the fixes say.</summary>
        public DateTimeOffset? FirstAt { get; set; }

        /// <summary>How much of her way lay inside before that was believed.</summary>
        public double Metres { get; set; }

        /// <summary>When she was outside first, for a stay that may have ended.</summary>
        public DateTimeOffset? OutsideSince { get; set; }
    }
}
