using System.Collections.Immutable;
using Sos.Contracts.Geo;

namespace Sos.Grains.Geo;

/// <summary>
/// The responders of one cell, in flat arrays that vector instructions search. A slot holds a point of the unit sphere
/// relative to the cell's middle, so that single precision is good to a millimetre, and the chord to a centre orders like the great
/// circle, over poles and the antimeridian too. Not safe for threads: it belongs to one activation.
/// </summary>
internal sealed class GeocellIndex(GeoPoint middle, GeoOptions options)
{
    /// <summary>Most hits of one search.</summary>
    public const int MostHits = 200;

    /// <summary>How long a leave is remembered, so that a report overtaken by it does not bring the person back; longer than any call lives.</summary>
    private static readonly TimeSpan LeaveKept = TimeSpan.FromMinutes(2);

    private readonly UnitVector _middle = UnitVector.Of(middle);
    private readonly Dictionary<Guid, int> _slotOf = [];
    private readonly Dictionary<Guid, (long Epoch, long Seq, DateTimeOffset Until)> _left = [];
    private float[] _x = [], _y = [], _z = [];
    private CellEntry?[] _entries = [];

    /// <summary>People held, expired ones that were not swept yet included.</summary>
    public int Count { get; private set; }

    /// <summary>Slots allocated; falls again after a crowd has gone.</summary>
    public int Capacity => _x.Length;

    /// <summary>Puts a person in, or moves her. False, and nothing changes, if the entry is expired or not newer than what is known.</summary>
    public bool Upsert(CellEntry entry, DateTimeOffset now)
    {
        if (entry.Expires <= now) return false;
        if (_slotOf.TryGetValue(entry.Person, out var slot))
        {
            var held = _entries[slot]!;
            if (!entry.IsNewerThan(held.Epoch, held.Seq)) return false;
            if (held.Point != entry.Point) Place(slot, entry.Point);
            _entries[slot] = entry;
            return true;
        }

        if (_left.TryGetValue(entry.Person, out var left))
        {
            if (!entry.IsNewerThan(left.Epoch, left.Seq)) return false;
            _left.Remove(entry.Person);
        }

        if (Count == Capacity) Resize(Math.Max(NearestScan.Lanes, Capacity * 2));
        _slotOf.Add(entry.Person, Count);
        _entries[Count] = entry;
        Place(Count++, entry.Point);
        return true;
    }

    /// <summary>Takes a person out unless what is held is newer; false if nothing was taken out.</summary>
    public bool Leave(Guid person, long epoch, long seq, DateTimeOffset now)
    {
        var found = _slotOf.TryGetValue(person, out var slot);
        if (found && _entries[slot]!.IsNewerThan(epoch, seq)) return false;
        if (found) RemoveAt(slot);
        if (!_left.TryGetValue(person, out var left) || left.Epoch < epoch || (left.Epoch == epoch && left.Seq < seq)) left = (epoch, seq, default);
        _left[person] = left with { Until = now + LeaveKept };
        return found;
    }

    /// <summary>Forgets who has expired and leaves of old, and gives memory back when three quarters of it are empty.</summary>
    public void Sweep(DateTimeOffset now)
    {
        for (var slot = Count - 1; slot >= 0; slot--)
        {
            if (_entries[slot]!.Expires <= now) RemoveAt(slot);
        }

        foreach (var (person, left) in _left)
        {
            // Removing while enumerating is allowed for Dictionary.
            if (left.Until <= now) _left.Remove(person);
        }

        if (Capacity <= 4 * NearestScan.Lanes || Count > Capacity / 4) return;
        Resize((Math.Max(Count, 1) * 2 + NearestScan.Lanes - 1) / NearestScan.Lanes * NearestScan.Lanes);
        _slotOf.TrimExcess();
        _left.TrimExcess();
    }

    /// <summary>The nearest within the radius, nearest first; a tie is broken by person, so that a replay finds the same.</summary>
    public ImmutableArray<CellHit> Nearest(CellQuery query, DateTimeOffset now)
    {
        var limit = Math.Min(Math.Min(query.Limit, MostHits), Count);
        if (limit <= 0) return [];
        Span<float> squares = stackalloc float[limit];
        Span<int> slots = stackalloc int[limit];
        var scan = new NearestScan(new SlotFilter(_entries, now, query.FreeOnly), squares, slots, _middle.To(query.Centre), SquaredChord(query.Radius));
        var padded = (Count + NearestScan.Lanes - 1) / NearestScan.Lanes * NearestScan.Lanes;
        scan.Run(_x.AsSpan(0, padded), _y.AsSpan(0, padded), _z.AsSpan(0, padded));

        var hits = ImmutableArray.CreateBuilder<CellHit>(scan.Count);
        foreach (var slot in slots[..scan.Count])
        {
            var entry = _entries[slot]!;
            var distance = query.Centre.DistanceTo(entry.Point);
            if (distance <= query.Radius) hits.Add(new CellHit(entry, distance, FreshnessRules.Of(entry, now, options)));
        }

        hits.Sort(static (a, b) => a.Distance.CompareTo(b.Distance) is var order and not 0 ? order : a.Entry.Person.CompareTo(b.Entry.Person));
        return hits.ToImmutable();
    }

    /// <summary>Squared chord of a great-circle distance on the unit sphere, a little too long, because single precision may be a little too short.</summary>
    private static float SquaredChord(Distance radius)
    {
        var chord = 2 * Math.Sin(Math.Clamp(radius.Metres / GeoPoint.EarthRadiusMetres, 0, Math.PI) / 2) + 1e-8;
        return (float)(chord * chord * (1 + 1e-6));
    }

    private void Place(int slot, GeoPoint point)
    {
        var relative = _middle.To(point);
        (_x[slot], _y[slot], _z[slot]) = (relative.X, relative.Y, relative.Z);
    }

    private void RemoveAt(int slot)
    {
        _slotOf.Remove(_entries[slot]!.Person);
        var last = --Count;
        if (slot != last)
        {
            (_x[slot], _y[slot], _z[slot], _entries[slot]) = (_x[last], _y[last], _z[last], _entries[last]);
            _slotOf[_entries[slot]!.Person] = slot;
        }

        (_x[last], _y[last], _z[last], _entries[last]) = (float.NaN, float.NaN, float.NaN, null);
    }

    private void Resize(int capacity)
    {
        Resize(ref _x, capacity);
        Resize(ref _y, capacity);
        Resize(ref _z, capacity);
        Array.Resize(ref _entries, capacity);

        void Resize(ref float[] lane, int length)
        {
            Array.Resize(ref lane, length);
            lane.AsSpan(Count).Fill(float.NaN);
        }
    }
}
