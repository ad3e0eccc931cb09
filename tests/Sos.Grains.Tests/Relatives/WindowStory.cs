using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Grains.Relatives;

namespace Sos.Grains.Tests.Relatives;

/// <summary>
/// Somebody who walks, and shows herself to one relative or not, by a seed. Beside the rules it keeps how everything stood after each change, and says from that
/// alone what the relative may see.
/// </summary>
internal sealed class WindowStory
{
    private static readonly Guid Viewer = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    private readonly Random _random;
    private readonly bool _isHectic;
    private readonly RelationEntry _entry = new() { Id = new Guid(2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), Person = Viewer, State = RelationState.Active };
    private readonly RelativesState _state = new() { Sharing = true };
    private readonly List<TrailPoint> _trail = [];
    private readonly List<Moment> _moments = [];
    private DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private DateTimeOffset? _given;
    private DateTimeOffset _floor;
    private bool _blocked;
    private bool _ofAge = true;
    private int _square;

    public WindowStory(int seed)
    {
        (_random, _isHectic) = (new Random(seed), seed % 5 == 0);
        _state.Relations.Add(_entry);
        Note();
    }

    public bool IsFull => _entry.Spans.Count == WindowRules.MostSpans;

    /// <summary>She changes something, and walks on.</summary>
    public void Step()
    {
        switch (_isHectic && _entry.Spans.Count > 0 ? 0 : _random.Next(12))
        {
            case 0: _entry.Paused = !_entry.Paused; break;
            case 1: _blocked = !_blocked; break;
            case 2: _state.Sharing = !_state.Sharing; break;
            case 3: _ofAge = _random.Next(4) > 0; break;
            case < 8: Share(); break;
            case 8: SharingRules.Expire(_state, _now); break;
            default: break; // something else is written
        }

        WindowRules.Settle(_state, _blocked ? [Viewer] : [], _ofAge, _now);
        Note();
        var end = _now.AddMinutes(_isHectic ? _random.Next(1, 10) : _random.Next(1, _random.Next(10) == 0 ? 900 : 90));
        for (var at = _now.AddSeconds(_random.Next(5, 100) + 0.5); at < end; at = at.AddSeconds(_random.Next(30, 300)))
        {
            if (_random.Next(6) == 0) _square = _random.Next(3);
            _trail.Add(new TrailPoint(new PositionFix(new GeoPoint(48 + at.Minute / 1e4, 16 + _square), null, at), new GeoPoint(48, 16 + _square)));
        }

        _now = end;
    }

    public ImmutableArray<ShownPlace> Seen() => WindowRules.Shown(_entry, [.. _trail], _entry.Precision, _now);

    /// <summary>What the relative may see: point by point, by how everything stood then.</summary>
    public ImmutableArray<ShownPlace> Allowed()
    {
        var (allowed, slot, square) = (ImmutableArray.CreateBuilder<ShownPlace>(), DateTimeOffset.MinValue, (GeoPoint?)null);
        foreach (var point in _trail)
        {
            var at = point.Fix.At;
            if (!May(at)) continue;
            if (_entry.Precision == SharePrecision.Exact && At(at).Precision == SharePrecision.Exact)
            {
                allowed.Add(new ShownPlace(point.Fix, SharePrecision.Exact));
                square = null;
                continue;
            }

            var begun = at.AddTicks(-(at.Ticks % TimeSpan.FromMinutes(5).Ticks));
            if (begun == slot || !May(begun) || _moments.Exists(moment => moment.Time > begun && moment.Time <= at && (!IsShown(moment) || moment.Precision != At(begun).Precision))) continue;
            slot = begun;
            if (point.Square == square) continue;
            square = point.Square;
            allowed.Add(new ShownPlace(new PositionFix(point.Square, null, begun), SharePrecision.Approximate));
        }

        return allowed.ToImmutable();
    }

    private void Share()
    {
        var wish = new RelativeSharing(
            _random.Next(5) > 0, _random.Next(3) == 0 ? _now.AddMinutes(_random.Next(1, 600)) : null, (SharePrecision)_random.Next(2), (TrailWindow)Math.Min(3, _random.Next(7)));
        var (before, wasShared) = (_entry.Window, _entry.Enabled && !(_entry.Until <= _now));
        if (before != TrailWindow.None && _now - before.Length() > _floor) _floor = _now - before.Length();
        if (wish.Enabled && wish.History == TrailWindow.None) _given = null;
        else if (wish.Enabled && (before == TrailWindow.None || !wasShared)) _given = _now;
        SharingRules.Share(_state, _entry.Id, wish, _now);
    }

    private void Note() => _moments.Add(new Moment(_now, _state.Sharing && _ofAge && !_blocked && !_entry.Paused && _entry.Enabled, _entry.Until, _entry.Precision));

    private bool May(DateTimeOffset at) => _given <= at && at >= _floor && at >= _now - _entry.Window.Length() && IsShown(At(at)) && !(At(at).Until <= at);

    private Moment At(DateTimeOffset at) => _moments.FindLast(moment => moment.Time <= at)!;

    private static bool IsShown(Moment moment) => moment.IsShown && !(moment.Until <= moment.Time);

    private sealed record Moment(DateTimeOffset Time, bool IsShown, DateTimeOffset? Until, SharePrecision Precision);
}
