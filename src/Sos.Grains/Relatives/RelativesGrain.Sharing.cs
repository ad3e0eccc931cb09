using System.Collections.Immutable;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains.Users;

namespace Sos.Grains.Relatives;

/// <summary>To whom she is shown.</summary>
internal sealed partial class RelativesGrain
{
    /// <summary>What is known later is kept, and alerts nobody any more.</summary>
    private static readonly TimeSpan AlertedFor = TimeSpan.FromMinutes(2);

    // What each was shown last: she goes on seeing that, growing old, when she is shown nothing more. In memory only, like the position itself.
    private readonly Dictionary<Guid, ShownPlace> _shown = [];

    // Questions interleave with a write that may yet fail, so they are answered from what is known to be on disk.
    private ImmutableArray<ShareGrant> _grants = [];
    private ImmutableArray<(Guid Person, string Phone)> _people = [];
    private ImmutableArray<Guid> _apart = [];
    private bool _mayShare;
    private bool _asked;
    private bool _sharing;
    private bool _shows;
    private long _version;

    public Task<SharingPolicy> Policy()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(new SharingPolicy(_version, SharingRules.At(_grants, Now)));
    }

    public Task<ImmutableArray<Guid>> People()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult<ImmutableArray<Guid>>([.. _people.Select(p => p.Person)]);
    }

    public Task<Guid?> PersonOf(string phone)
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(_people.FirstOrDefault(p => p.Phone == phone) is { Person: var person } && person != Guid.Empty ? person : (Guid?)null);
    }

    public async Task<ShownPlace?> Look(Guid viewer)
    {
        if (State.With(viewer) is not { State: RelationState.Active } entry)
        {
            if (!record.RecordExists) DeactivateOnIdle();
            return null;
        }

        var now = Now;
        var grant = SharingRules.At(_grants, now).FirstOrDefault(g => g.Viewer == viewer);
        var fix = await Person.LastShown(grant?.Precision ?? SharePrecision.Exact);
        if (fix is null || grant is null)
        {
            return _shown.TryGetValue(viewer, out var last) && now - last.Fix.At <= UserRules.PositionLife ? last : null;
        }

        var shown = new ShownPlace(fix, grant.Precision);
        if (_shown.TryGetValue(viewer, out var before) && before == shown) return shown;
        await History.Looked(new RelativeLook(entry.Id, entry.Name, now));
        _shown[viewer] = shown;
        DelayDeactivation(UserRules.PositionLife);
        return shown;
    }

    public async Task Noted(ImmutableArray<NearbyChange> changes)
    {
        var (now, encounters, alerts) = (Now, ImmutableArray.CreateBuilder<RelativeEncounter>(changes.Length), new List<ProximityAlert>());
        foreach (var change in changes)
        {
            if (State.With(change.Relative) is not { State: RelationState.Active, Paused: false } entry) continue;
            // That somebody has gone comes from her own way alone, and is told of one who has blocked her as of one without a signal.
            if (change.Move != NearbyMove.Exiting && _apart.Contains(change.Relative)) continue;
            encounters.Add(new RelativeEncounter(Guid.CreateVersion7(change.At), entry.Id, entry.Name, change.Move, change.At, Math.Round(change.Distance.Metres)));
            if (now - change.At <= AlertedFor) alerts.Add(new ProximityAlert(entry.Id, entry.Name, change.Move, change.Distance, change.At, change.Point));
        }

        if (encounters.Count > 0) await History.Keep(encounters.ToImmutable());
        foreach (var alert in alerts) await Person.Tell(alert);
    }

    public async Task Refresh()
    {
        if (!record.RecordExists)
        {
            DeactivateOnIdle();
            return;
        }

        // Also where this activation knows it already: others tell a policy by its version.
        await Ask();
        await LeaveGone();
        await Commit();
    }

    // Accounts that are no more.
    private async Task<bool> LeaveGone()
    {
        var changed = false;
        foreach (var (person, _) in _people)
        {
            if (await GrainFactory.GetGrain<IUserGrain>(person).Profile() is null) changed |= ConsentRules.Leave(State, person);
        }

        return changed;
    }

    // When it has returned nobody finds her who must not; where it fails, nothing was answered, and the reminder does it again.
    private async Task Push() => await Person.Share(new SharingPolicy(_version, SharingRules.At(_grants, Now)));

    private bool ShowsLess => _grants.Except(SharingRules.Grants(State, _apart, _mayShare)).Any();

    private async Task Ask()
    {
        _apart = await GrainFactory.GetGrain<ISeparationsGrain>(Id).Everybody();
        _mayShare = await GrainFactory.GetGrain<IContactsGrain>(Id).MayShareOutsideEmergencies();
        _asked = true;
    }

    private void Remember()
    {
        _grants = SharingRules.Grants(State, _apart, _mayShare);
        _people = [.. State.Relations.Where(r => r.State == RelationState.Active).Select(r => (r.Person, r.Phone))];
        (_sharing, _shows) = (State.Sharing, SharingRules.LastEnd(State) is not null);
        _version = State.Version;
        _due = [.. State.Outbox.Select(note => DueNote.Of(note, State.Of(note.Relation)))];
        _textDue = [.. State.Invitations.Where(i => i.TextDue).Select(i => (i.Id, i.AddressKey))];
        _refusedNumbers = [.. State.RefusedNumbers];
    }
}
