using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains.Geo;

namespace Sos.Grains.Relatives;

/// <summary>Puts somebody who shows herself to relatives into her cell, and keeps in mind who of them is near and what she is still to be told.</summary>
/// <param name="presence">To whom she shows herself, and where that is known.</param>
/// <param name="person">Her user id.</param>
/// <param name="grains">To tell the relatives.</param>
/// <param name="options">The range, and when it is too late to tell.</param>
internal sealed class NearbyStep(SharingPresence presence, Guid person, IGrainFactory grains, ProximityOptions options) : IPositionStep
{
    /// <summary>More than she has to be told at once.</summary>
    private const int MostUntold = 64;

    private readonly Dictionary<Guid, Acquaintance> _known = [];
    private readonly List<NearbyChange> _untold = [];
    private PositionFix? _fix;

    public async ValueTask<bool> Take(PositionWork work)
    {
        // Where everybody else is, is known of now: what was true a while ago is compared with nothing.
        var (fix, now) = (work.Fix!, work.Now);
        presence.Follow(fix);
        if (!work.IsNewest || work.Age > options.SeenFor || fix.Accuracy?.Metres > ProximityRules.WorstAccuracy) return true;
        _fix = fix;
        if (!presence.IsKnown) await presence.Take(await grains.GetGrain<IRelativesGrain>(person).Policy(), now);
        var seen = await presence.Put(fix, now);
        if (seen.IsEmpty && _known.Count == 0) return true;
        List<Guid>? changed = null;
        foreach (var sighting in seen)
        {
            if (presence.ShownTo(sighting.Relative, now) is not { } own) continue;
            if (!_known.TryGetValue(sighting.Relative, out var known))
            {
                if (sighting.Distance.Metres > options.RangeMetres) continue;
                _known.Add(sighting.Relative, known = new Acquaintance());
            }

            if (ProximityRules.See(known, sighting, own, fix.At, options) is { } move) Tell(sighting.Relative, known, move, fix, ref changed);
            if (known.HeardAt == sighting.At && known.Own == own) (known.Apart, known.ApartAt) = (sighting.Distance.Metres, fix.At);
        }

        foreach (var (relative, known) in _known)
        {
            var accuracy = known.Own == SharePrecision.Exact ? fix.Accuracy?.Metres ?? ProximityRules.UsualAccuracy : 0;
            var apart = known.ApartAt == fix.At ? known.Apart : presence.Shown(fix, known.Own).DistanceTo(known.Point).Metres;
            if (ProximityRules.Move(known, apart, accuracy, options) is { } move) Tell(relative, known, move, fix, ref changed);
            // Removing while enumerating is allowed for Dictionary.
            if (ProximityRules.HasLapsed(known, now)) _known.Remove(relative);
        }

        foreach (var relative in changed ?? []) await Meet(relative, fix, now);
        return true;
    }

    /// <summary>A relative's grain says that the two have met or parted; answers what she is to be told, null if that is nothing.</summary>
    public NearbyChange? Hear(RelativeMeeting meeting, DateTimeOffset now)
    {
        // Of a relative to whom she shows herself no more she is told nothing, and of one who meets somebody with no position neither.
        if (_fix is not { } fix || presence.ShownTo(meeting.Relative, now) is not { } own) return null;
        if (!_known.TryGetValue(meeting.Relative, out var known)) _known.Add(meeting.Relative, known = new Acquaintance());
        return ProximityRules.Hear(known, meeting, own) is { } move ? Note(meeting.Relative, known, move, meeting.At, fix) : null;
    }

    /// <summary>What she is still to be told. Nothing of where somebody was who has withdrawn since; that she has gone is what she would be told of one without a signal too.</summary>
    public ImmutableArray<NearbyChange> Untold(DateTimeOffset now)
    {
        if (_untold.Count == 0) return [];
        _untold.RemoveAll(change => now - change.At > ProximityRules.LapsesAfter || change.Move != NearbyMove.Exiting && presence.ShownTo(change.Relative, now) is null);
        return [.. _untold];
    }

    /// <summary>She has been told.</summary>
    public void Told(ImmutableArray<NearbyChange> changes) => _untold.RemoveAll(changes.Contains);

    private void Tell(Guid relative, Acquaintance known, NearbyMove move, PositionFix fix, ref List<Guid>? changed)
    {
        Note(relative, known, move, fix.At, fix);
        if (move != NearbyMove.InRange) (changed ??= []).Add(relative);
    }

    private NearbyChange Note(Guid relative, Acquaintance known, NearbyMove move, DateTimeOffset at, PositionFix fix)
    {
        var change = new NearbyChange(relative, move, at, fix.Point.DistanceTo(known.Point), move == NearbyMove.Exiting ? null : known.Point);
        if (_untold.Count == MostUntold) _untold.RemoveAt(0);
        _untold.Add(change);
        return change;
    }

    // One way: nobody waits for a relative. What does not arrive she finds with her own next report.
    private Task Meet(Guid relative, PositionFix fix, DateTimeOffset now)
    {
        if (presence.ShownTo(relative, now) is not { } own || !_known.TryGetValue(relative, out var known)) return Task.CompletedTask;
        var accuracy = Distance.FromMetres(own == SharePrecision.Exact ? fix.Accuracy?.Metres ?? ProximityRules.UsualAccuracy : 0);
        var meeting = known.IsNear
            ? new RelativeMeeting(person, NearbyMove.Entering, presence.Shown(fix, own), own, accuracy, fix.At)
            : new RelativeMeeting(person, NearbyMove.Exiting, null, own, default, fix.At);
        return grains.GetGrain<IUserGrain>(relative).Met(meeting);
    }
}
