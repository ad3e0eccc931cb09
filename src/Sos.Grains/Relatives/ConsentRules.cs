using Sos.Contracts.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Relatives;

/// <summary>
/// How two sides come to agree. Each writes her own record only; what she says to the other lies in her outbox until it was heard, and is good twice, late and
/// out of order: an agreement is known by the ids of the two entries, which are never used for another. Who is kept apart, or was refused, says nothing: her
/// invitation stays one that nobody has answered.
/// </summary>
internal static class ConsentRules
{
    /// <summary>Invitations that wait for an answer.</summary>
    public const int MostInvitations = 20;

    /// <summary>People whom somebody has refused, remembered.</summary>
    public const int MostRefused = 200;

    /// <summary>A number that is nobody's is looked up again for so long.</summary>
    public static readonly TimeSpan LooksFor = TimeSpan.FromDays(30);

    /// <summary>Puts a note into the outbox; an older one about the same relation is told no more.</summary>
    public static void Say(RelativesState state, NoteKind kind, Guid to, Guid relation, Guid own)
    {
        state.Outbox.RemoveAll(note => note.Relation == relation);
        state.Outbox.Add(new OutNote { Id = ++state.LastNote, To = to, Kind = kind, Relation = relation, Own = own });
    }

    /// <summary>Tells the other side that it is over; what was said about it before is told no more.</summary>
    public static void SayEnds(RelativesState state, RelationEntry entry)
    {
        state.Outbox.RemoveAll(note => note.Relation == entry.Id);
        Say(state, NoteKind.Ends, entry.Person, entry.Other == Guid.Empty ? entry.Id : entry.Other, entry.Id);
    }

    /// <summary>Numbers that were nobody's are looked up once more.</summary>
    public static bool LookAgain(RelativesState state, DateTimeOffset now)
    {
        var open = state.Relations.Where(r => r.State == RelationState.Invited && r.Person == Guid.Empty && now - r.AddedAt < LooksFor && !state.Outbox.Exists(n => n.Relation == r.Id)).ToList();
        foreach (var entry in open) Say(state, NoteKind.Asks, Guid.Empty, entry.Id, entry.Id);
        return open.Count > 0;
    }

    /// <summary>What came of what was sent; false when that changes nothing.</summary>
    public static bool Settle(RelativesState state, NoteResults results)
    {
        var changed = state.Outbox.RemoveAll(note => results.Dropped.Contains(note.Id)) > 0 | state.RefusedNumbers.RemoveAll(results.Refused.Contains) > 0;
        foreach (var invitation in state.Invitations.Where(i => i.TextDue && results.Texted.Contains(i.Id)))
        {
            invitation.TextDue = false;
            changed = true;
        }

        foreach (var note in state.Outbox.Where(note => note.To == Guid.Empty && results.Found.ContainsKey(note.Id)))
        {
            note.To = results.Found[note.Id];
            if (state.Of(note.Relation) is { } entry) entry.Person = note.To;
            changed = true;
        }

        return changed;
    }

    /// <summary>The account on the other side is gone.</summary>
    public static bool Leave(RelativesState state, Guid person)
    {
        var changed = state.Invitations.RemoveAll(i => i.From == person) > 0;
        foreach (var entry in state.Relations.Where(r => r.Person == person && r.State == RelationState.Active))
        {
            End(entry);
            changed = true;
        }

        return changed;
    }

    /// <summary>She agrees, or refuses; then she is not asked by that person again.</summary>
    public static (RelativeRefusal Refusal, RelationEntry? Entry) Answer(RelativesState state, Guid invitation, bool accepts, string? name, Guid id, DateTimeOffset now)
    {
        if (state.Invitations.Find(i => i.Id == invitation) is not { } asked) return (RelativeRefusal.NotFound, null);
        if (!accepts)
        {
            state.Invitations.Remove(asked);
            Refuse(state, asked);
            return (RelativeRefusal.None, null);
        }

        var before = state.With(asked.From) ?? state.Relations.Find(r => r.State != RelationState.Active && r.Phone == asked.Phone && asked.Phone is not null);
        if (before is null && state.Relations.Count >= RelativeRules.MostRelations) return (RelativeRefusal.TooMany, null);
        state.Invitations.Remove(asked);
        // A question of her own is answered by this; what had ended is never taken up again under its old id.
        var entry = before is { State: RelationState.Ended } or null ? new RelationEntry { Id = id, AddedAt = now, Notes = before?.Notes, Name = before?.Name ?? "" } : before;
        if (before != entry)
        {
            if (before is not null) state.Relations.Remove(before);
            state.Relations.Add(entry);
        }

        Activate(state, entry, asked.From, asked.Relation);
        entry.Phone = asked.Phone ?? "";
        entry.Name = name ?? (entry.Name.Length > 0 ? entry.Name : asked.Name);
        Say(state, NoteKind.Agrees, asked.From, asked.Relation, entry.Id);
        return (RelativeRefusal.None, entry);
    }

    /// <summary>Both have agreed: a question of hers is answered, and so is one of the other's.</summary>
    public static void Activate(RelativesState state, RelationEntry entry, Guid person, Guid other)
    {
        state.Outbox.RemoveAll(note => note.Relation == entry.Id);
        state.Invitations.RemoveAll(invitation => invitation.From == person);
        (entry.Person, entry.Other, entry.State) = (person, other, RelationState.Active);
    }

    /// <summary>It is over. Agreed to anew, sharing begins as off as the first time.</summary>
    public static void End(RelationEntry entry)
    {
        (entry.State, entry.Paused, entry.Enabled, entry.Until, entry.OnceUntil, entry.Window) = (RelationState.Ended, false, false, null, null, TrailWindow.None);
        entry.Spans.Clear();
    }

    private static void Refuse(RelativesState state, InvitationEntry asked)
    {
        var refused = PackedIds.Unpack(state.Refused);
        if (refused.Count < MostRefused && refused.Add(asked.From)) state.Refused = PackedIds.Pack(refused);
        if (asked.AddressKey.Length > 0 && !state.RefusedNumbers.Contains(asked.AddressKey)) state.RefusedNumbers.Add(asked.AddressKey);
    }
}
