using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>
/// The people of one cell who show themselves, by id: who reports is compared with the few she shows herself to, however many are in the cell. Keeps in mind what
/// its neighbours are to be told. Not safe for threads: it belongs to one activation.
/// </summary>
internal sealed class SharingIndex(GeocellId cell, ProximityOptions options)
{
    /// <summary>How long a leave is remembered, so that an entry overtaken by it does not bring the person back; longer than any call lives.</summary>
    private static readonly TimeSpan LeaveKept = TimeSpan.FromMinutes(2);

    // A mark and no entry: a flag would cost eight bytes a person.
    private static readonly SharingEntry Elsewhere = new(default, 0, 0, default, default, default, default, []);

    private readonly Dictionary<Guid, Place> _people = [];
    private readonly Dictionary<Guid, (long Epoch, long Seq, DateTimeOffset Until)> _left = [];
    private readonly List<Guid> _changed = [];
    private readonly List<(SharingEntry Told, SharingLeave Leave)> _gone = [];

    /// <summary>People held, those of the borders and expired ones that were not swept yet included.</summary>
    public int Count => _people.Count;

    /// <summary>Neighbours are to be told something.</summary>
    public bool HasNews => _changed.Count + _gone.Count > 0;

    /// <summary>Puts somebody in who is in this cell, or moves her. False, and nothing changes, if the entry is expired or not newer than what is known.</summary>
    public bool Put(SharingEntry entry, DateTimeOffset now) => Take(entry, isHere: true, now);

    /// <summary>Takes what a neighbour holds close to this cell.</summary>
    public void Take(SharingBorder border, DateTimeOffset now)
    {
        foreach (var entry in border.Entries) Take(entry, isHere: false, now);
        foreach (var leave in border.Leaves) Leave(leave, now);
    }

    /// <summary>Takes a person out unless what is held is newer.</summary>
    public void Leave(SharingLeave leave, DateTimeOffset now)
    {
        if (_people.TryGetValue(leave.Person, out var place))
        {
            if (IsNewer(place.Entry.Epoch, place.Entry.Seq, leave.Epoch, leave.Seq)) return;
            if (place is { IsElsewhere: false, Told: { } told }) _gone.Add((told, leave));
            _people.Remove(leave.Person);
        }

        if (!_left.TryGetValue(leave.Person, out var left) || IsNewer(leave.Epoch, leave.Seq, left.Epoch, left.Seq)) left = (leave.Epoch, leave.Seq, default);
        _left[leave.Person] = left with { Until = now + LeaveKept };
    }

    /// <summary>Who is within reach of somebody, of those to whom she shows herself and who show themselves to her.</summary>
    public ImmutableArray<RelativeSighting> Near(SharingEntry entry, DateTimeOffset now)
    {
        ImmutableArray<RelativeSighting>.Builder? near = null;
        foreach (var grant in entry.Grants)
        {
            if (grant.Until <= now || !_people.TryGetValue(grant.Viewer, out var place) || IsOver(place.Entry, now)) continue;
            if (GrantTo(entry.Person, place.Entry.Grants, now) is not { } back) continue;
            var point = Shown(place.Entry, back.Precision);
            var distance = Shown(entry, grant.Precision).DistanceTo(point);
            if (distance > options.Reach) continue;
            var accuracy = back.Precision == SharePrecision.Exact ? place.Entry.Accuracy : default;
            (near ??= ImmutableArray.CreateBuilder<RelativeSighting>(entry.Grants.Length)).Add(new(grant.Viewer, point, back.Precision, distance, accuracy, place.Entry.At));
        }

        return near?.DrainToImmutable() ?? [];
    }

    /// <summary>What each neighbour is to be told since the last time; then there is no news any more.</summary>
    public Dictionary<GeocellId, SharingBorder> News(DateTimeOffset now)
    {
        var news = new Dictionary<GeocellId, (ImmutableArray<SharingEntry>.Builder Entries, ImmutableArray<SharingLeave>.Builder Leaves)>();
        List<GeocellId> here = [], before = [];
        foreach (var person in _changed)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrNullRef(_people, person);
            // Who has left and come back in the same second stands here twice.
            if (Unsafe.IsNullRef(ref place) || place.IsElsewhere || ReferenceEquals(place.Told, place.Entry) || IsOver(place.Entry, now)) continue;
            var (entry, told) = (place.Entry, place.Told);
            Neighbours(entry, here);
            foreach (var neighbour in here) For(neighbour).Entries.Add(entry);
            place.Told = entry;
            if (told is null || told.Point == entry.Point && told.Square == entry.Square) continue;
            Neighbours(told, before);
            foreach (var neighbour in before)
            {
                if (!here.Contains(neighbour)) For(neighbour).Leaves.Add(new SharingLeave(person, entry.Epoch, entry.Seq - 1));
            }
        }

        foreach (var (told, leave) in _gone)
        {
            Neighbours(told, before);
            foreach (var neighbour in before) For(neighbour).Leaves.Add(leave);
        }

        _changed.Clear();
        _gone.Clear();
        return news.ToDictionary(n => n.Key, n => new SharingBorder(n.Value.Entries.DrainToImmutable(), n.Value.Leaves.DrainToImmutable()));

        (ImmutableArray<SharingEntry>.Builder Entries, ImmutableArray<SharingLeave>.Builder Leaves) For(GeocellId neighbour)
        {
            if (!news.TryGetValue(neighbour, out var lists)) news[neighbour] = lists = (ImmutableArray.CreateBuilder<SharingEntry>(), ImmutableArray.CreateBuilder<SharingLeave>());
            return lists;
        }
    }

    /// <summary>Forgets who has expired and leaves of old, and gives memory back after a crowd has gone.</summary>
    public void Sweep(DateTimeOffset now)
    {
        // Removing while enumerating is allowed for Dictionary.
        foreach (var (person, place) in _people)
        {
            if (IsOver(place.Entry, now)) _people.Remove(person);
        }

        foreach (var (person, left) in _left)
        {
            if (left.Until <= now) _left.Remove(person);
        }

        if (_people.Capacity > 4 * Math.Max(16, _people.Count)) _people.TrimExcess();
        if (_changed.Capacity > 4 * Math.Max(16, _changed.Count)) _changed.TrimExcess();
        if (_left.Capacity > 4 * Math.Max(16, _left.Count)) _left.TrimExcess();
    }

    private bool IsOver(SharingEntry entry, DateTimeOffset now) => now - entry.At >= options.SeenFor;

    private static bool IsNewer(long epoch, long seq, long thanEpoch, long thanSeq) => epoch > thanEpoch || epoch == thanEpoch && seq > thanSeq;

    private static ShareGrant? GrantTo(Guid viewer, ImmutableArray<ShareGrant> grants, DateTimeOffset now)
    {
        foreach (var grant in grants)
        {
            if (grant.Viewer == viewer) return grant.Until <= now ? null : grant;
        }

        return null;
    }

    private static GeoPoint Shown(SharingEntry entry, SharePrecision precision) => precision == SharePrecision.Exact ? entry.Point : entry.Square;

    private bool Take(SharingEntry entry, bool isHere, DateTimeOffset now)
    {
        if (IsOver(entry, now)) return false;
        if (_left.TryGetValue(entry.Person, out var left))
        {
            if (!IsNewer(entry.Epoch, entry.Seq, left.Epoch, left.Seq)) return false;
            _left.Remove(entry.Person);
        }

        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_people, entry.Person, out var known);
        if (known && !IsNewer(entry.Epoch, entry.Seq, place.Entry.Epoch, place.Entry.Seq)) return false;
        if (isHere)
        {
            // Who has changed before and was not told of since stands in the list already.
            if (!known || place.IsElsewhere || ReferenceEquals(place.Told, place.Entry)) _changed.Add(entry.Person);
            if (place.IsElsewhere) place.Told = null;
        }
        else
        {
            // She is in the neighbour's cell now, which tells its own neighbours; ours are told that what they have is old.
            if (place is { IsElsewhere: false, Told: { } told }) _gone.Add((told, new SharingLeave(entry.Person, entry.Epoch, entry.Seq - 1)));
            place.Told = Elsewhere;
        }

        place.Entry = entry;
        return true;
    }

    private void Neighbours(SharingEntry entry, List<GeocellId> cells)
    {
        cells.Clear();
        SharingCells.Around(entry.Point, options.Band, cells);
        if (entry.Square != entry.Point) SharingCells.Around(entry.Square, options.Band, cells);
        cells.Remove(cell);
    }

    private struct Place
    {
        public SharingEntry Entry;

        /// <summary>What the neighbours have of her; null: nothing.</summary>
        public SharingEntry? Told;

        /// <summary>She is in a neighbour's cell, close to this one.</summary>
        public readonly bool IsElsewhere => ReferenceEquals(Told, Elsewhere);
    }
}
