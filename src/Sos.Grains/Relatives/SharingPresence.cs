using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Grains.Responders;

namespace Sos.Grains.Relatives;

/// <summary>To whom somebody shows herself, and where that is known: puts her into cells and takes her out of every one of them. Belongs to her grain.</summary>
internal sealed class SharingPresence(Guid person, IGrainFactory grains, EpochSource epochs, ProximityOptions options)
{
    /// <summary>Within this of a place she was shown at she is in no cell that is not remembered with it already, metres.</summary>
    private const double MarkReach = 500;

    /// <summary>Places remembered at most. Who jumps about faster than anybody moves is forgotten in the oldest, where she expires by herself.</summary>
    private const int MostMarks = 256;

    private readonly long _epoch = epochs.Next(0);
    private readonly List<(GeoPoint Point, DateTimeOffset Until)> _marks = [];
    private SharingPolicy? _policy;
    private PositionFix? _fix;
    private GeoPoint? _square;
    private GeocellId? _cell;
    private ISharingCellGrain? _cellGrain;
    private ISharingCellGrain? _leaving;
    private long _seq;
    private bool _owesLeave;

    /// <summary>What she has consented to is known.</summary>
    public bool IsKnown => _policy is not null;

    /// <summary>How she shows herself to somebody; null: not at all.</summary>
    public SharePrecision? ShownTo(Guid viewer, DateTimeOffset now)
    {
        foreach (var grant in _policy?.Shares ?? [])
        {
            if (grant.Viewer == viewer) return grant.Until <= now ? null : grant.Precision;
        }

        return null;
    }

    /// <summary>Her newest fix, from which her square follows; whoever is shown her approximately is shown this one, by whatever way.</summary>
    public void Follow(PositionFix fix) => _square = SharingSquares.Follow(_square, fix.Point);

    /// <summary>Where she is shown at: her fix, or the middle of her square.</summary>
    public GeoPoint Shown(PositionFix fix, SharePrecision precision) => precision == SharePrecision.Exact ? fix.Point : _square ??= SharingSquares.Middle(fix.Point);

    /// <summary>Takes what she has consented to. Where it is less than before, every cell has forgotten her, or knows it, when this returns.</summary>
    public async Task Take(SharingPolicy policy, DateTimeOffset now)
    {
        if (_policy is { } known && (policy.Version < known.Version || policy.Version == known.Version && !_owesLeave)) return;
        _owesLeave |= _policy is { } before && before.Shares.Any(share => !policy.Shares.Any(other => Covers(other, share)));
        _policy = policy;
        if (!_owesLeave) return;
        await Withdraw(now);
        _owesLeave = false;

        // Back for those who may still see her; whatever is on its way with the old consent is older than the leave.
        if (_fix is { } fix && Shows(now) && now - fix.At < options.SeenFor) await Share(Entry(fix, now));
    }

    /// <summary>She is at a place: answers the relatives within reach, some of whom she may have ceased to show herself to while the cell was asked.</summary>
    public async ValueTask<ImmutableArray<RelativeSighting>> Put(PositionFix fix, DateTimeOffset now)
    {
        _fix = fix;
        return Shows(now) ? await Share(Entry(fix, now)) : [];
    }

    /// <summary>Out of every cell.</summary>
    public async Task Withdraw(DateTimeOffset now)
    {
        var leave = new SharingLeave(person, _epoch, ++_seq);
        List<GeocellId> cells = [];
        foreach (var (point, until) in _marks)
        {
            if (until > now) SharingCells.Around(point, Distance.FromMetres(options.Band.Metres + SharingSquares.Reach + MarkReach), cells);
        }

        await Task.WhenAll(cells.Select(cell => grains.GetGrain<ISharingCellGrain>(cell.ToString()).Leave(leave)));
    }

    private bool Shows(DateTimeOffset now)
    {
        foreach (var grant in _policy?.Shares ?? [])
        {
            if (!(grant.Until <= now)) return true;
        }

        return false;
    }

    private static bool Covers(ShareGrant grant, ShareGrant other) =>
        grant.Viewer == other.Viewer && (grant.Precision == SharePrecision.Exact || other.Precision == SharePrecision.Approximate)
        && (grant.Until is null || other.Until is { } until && grant.Until >= until);

    private SharingEntry Entry(PositionFix fix, DateTimeOffset now)
    {
        var shares = _policy!.Shares;
        var square = _square ??= SharingSquares.Middle(fix.Point);
        var exact = shares.Any(static share => share.Precision == SharePrecision.Exact);
        var accuracy = Distance.FromMetres(exact ? fix.Accuracy?.Metres ?? ProximityRules.UsualAccuracy : 0);
        var entry = new SharingEntry(person, _epoch, ++_seq, exact ? fix.Point : square, square, accuracy, fix.At, shares);
        Mark(entry, now);
        return entry;
    }

    // Before the entry is sent: a withdrawal in between must find it wherever it arrives.
    private void Mark(SharingEntry entry, DateTimeOffset now)
    {
        if (_marks is [.., var newest] && newest.Until > now && newest.Point.DistanceTo(entry.Point).Metres <= MarkReach)
        {
            _marks[^1] = newest with { Until = entry.At + options.SeenFor };
            return;
        }

        _marks.RemoveAll(mark => mark.Until <= now);
        if (_marks.Count == MostMarks) _marks.RemoveAt(0);
        _marks.Add((entry.Point, entry.At + options.SeenFor));
    }

    // Enter first, leave after: in between she stands in both, and readers take the newer; never in none.
    private async ValueTask<ImmutableArray<RelativeSighting>> Share(SharingEntry entry)
    {
        var cell = SharingCells.Of(entry.Point);
        if (cell != _cell)
        {
            (_leaving, _cell, _cellGrain) = (_cellGrain ?? _leaving, cell, grains.GetGrain<ISharingCellGrain>(cell.ToString()));
        }

        var seen = await _cellGrain!.Share(entry);
        if (_leaving is { } leaving)
        {
            await leaving.Leave(new SharingLeave(person, _epoch, entry.Seq - 1));
            if (ReferenceEquals(_leaving, leaving)) _leaving = null;
        }

        return seen;
    }
}
