using System.Collections.Immutable;
using Sos.Contracts.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Relatives;

/// <summary>What becomes of a note from the other side, and of the receipt for one's own.</summary>
internal static class HearingRules
{
    /// <summary>The other side says something. Gone: nothing is known of that relation.</summary>
    public static (bool Changed, bool Gone) Hear(RelativesState state, RelativeNote note, ImmutableArray<Guid> apart, Guid id, DateTimeOffset now) => note.Kind switch
    {
        NoteKind.Asks => (Asked(state, note, apart, id, now), false),
        NoteKind.Agrees => Agreed(state, note),
        NoteKind.Wonders => (WhereRules.Asked(state, note, apart, id, now), false),
        _ => (Ended(state, note), false),
    };

    /// <summary>The other side has heard; false when that changes nothing.</summary>
    public static bool Heard(RelativesState state, NoteReceipt receipt)
    {
        if (state.Outbox.Find(n => n.Id == receipt.Note) is not { } note) return false;
        state.Outbox.Remove(note);
        if (receipt.Gone && note.Kind == NoteKind.Agrees && state.Of(note.Own) is { State: RelationState.Active } entry && entry.Other == note.Relation) ConsentRules.End(entry);
        return true;
    }

    private static bool Asked(RelativesState state, RelativeNote note, ImmutableArray<Guid> apart, Guid id, DateTimeOffset now)
    {
        if (apart.Contains(note.From) || PackedIds.Unpack(state.Refused).Contains(note.From)) return false;
        var ended = false;
        if (state.With(note.From) is { State: RelationState.Active } agreed)
        {
            if (agreed.Other == note.Relation) return false;
            // She asks anew: on her side the old one is over.
            ConsentRules.End(agreed);
            ended = true;
        }
        else if (state.Relations.Find(r => r.State == RelationState.Invited && (r.Person == note.From || r.Phone == note.Phone && note.Phone is not null)) is { } own)
        {
            // Each has asked for the other: both have agreed.
            ConsentRules.Activate(state, own, note.From, note.Relation);
            ConsentRules.Say(state, NoteKind.Agrees, note.From, note.Relation, own.Id);
            return true;
        }

        if (state.Invitations.Find(i => i.From == note.From) is { } known)
        {
            if ((known.Relation, known.Name, known.Phone) == (note.Relation, note.Name ?? "", note.Phone)) return ended;
            (known.Relation, known.Name, known.Phone) = (note.Relation, note.Name ?? "", note.Phone);
            return true;
        }

        if (state.Invitations.Count >= ConsentRules.MostInvitations) return ended;
        state.Invitations.Add(new InvitationEntry
        {
            Id = id,
            From = note.From,
            Relation = note.Relation,
            Name = note.Name ?? "",
            Phone = note.Phone,
            AddressKey = note.AddressKey ?? "",
            At = now,
            TextDue = note.AddressKey is not null,
        });
        return true;
    }

    private static (bool Changed, bool Gone) Agreed(RelativesState state, RelativeNote note)
    {
        if (state.Of(note.Relation) is not { State: not RelationState.Ended } entry) return (false, true);
        if (entry.State == RelationState.Active && entry.Other == note.Own) return (false, false);
        ConsentRules.Activate(state, entry, note.From, note.Own);
        return (true, false);
    }

    private static bool Ended(RelativesState state, RelativeNote note)
    {
        var changed = state.Invitations.RemoveAll(i => i.From == note.From && i.Relation == note.Own) > 0;
        if (state.Relations.Find(r => r.State == RelationState.Active && r.Person == note.From && r.Other == note.Own) is not { } entry) return changed;
        ConsentRules.End(entry);
        return true;
    }
}
