using System.Text.Json;
using Sos.Contracts.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Relatives;

/// <summary>
/// A person's own list. Whoever adds a number makes the service write to a stranger, so adding is bounded; and whatever is answered follows from her own
/// list alone, so that nothing tells whose a number is.
/// </summary>
internal static class RelativeRules
{
    /// <summary>Entries of a list.</summary>
    public const int MostRelations = 20;

    /// <summary>Bytes that all notes of a list take in its record: a letter of ASCII is one there, of other scripts two or three. With this and everything else full the record is under its limit.</summary>
    public const int MostNoteBytes = 12 * 1024;

    /// <summary>People whom somebody may add in a day.</summary>
    public const int MostAdds = 10;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Adds somebody who is to be asked. A relation that the other one has ended makes room for a new one.</summary>
    public static (RelativeRefusal Refusal, RelationEntry? Entry) Add(RelativesState state, RelativeDraft draft, string? ownPhone, Guid id, DateTimeOffset now)
    {
        if (draft.Phone == ownPhone) return (RelativeRefusal.OwnNumber, null);
        var before = state.Relations.Find(r => r.Phone == draft.Phone);
        if (before is { State: not RelationState.Ended }) return (RelativeRefusal.Duplicate, before);
        if (before is null && state.Relations.Count >= MostRelations) return (RelativeRefusal.TooMany, null);
        if (!NotesFit(state, before, draft.Notes)) return (RelativeRefusal.NotesTooLong, null);
        state.Adds.RemoveAll(at => now - at >= Day);
        if (state.Adds.Count >= MostAdds) return (RelativeRefusal.TooSoon, null);
        state.Adds.Add(now);
        if (before is not null) state.Relations.Remove(before);
        var entry = new RelationEntry
        {
            Id = id,
            Phone = draft.Phone,
            AddressKey = draft.AddressKey,
            Name = draft.Name,
            Notes = draft.Notes,
            AddedAt = now,
            Texted = draft.Texted,
        };
        state.Relations.Add(entry);
        ConsentRules.Say(state, NoteKind.Asks, Guid.Empty, entry.Id, entry.Id);
        return (RelativeRefusal.None, entry);
    }

    /// <summary>Changes what is her own: name, notes, pause.</summary>
    public static RelativeRefusal Change(RelativesState state, Guid relation, RelativeChange change)
    {
        if (state.Of(relation) is not { } entry) return RelativeRefusal.NotFound;
        if (change.Paused is not null && entry.State != RelationState.Active) return RelativeRefusal.NotActive;
        if (change.Notes is { } notes && !NotesFit(state, entry, notes)) return RelativeRefusal.NotesTooLong;
        entry.Name = change.Name ?? entry.Name;
        entry.Notes = change.Notes is { Length: 0 } ? null : change.Notes ?? entry.Notes;
        entry.Paused = change.Paused ?? entry.Paused;
        if (entry.Paused) entry.OnceUntil = null;
        return RelativeRefusal.None;
    }

    /// <summary>Takes somebody out of the list; the other side is told that it is over.</summary>
    public static RelationEntry? Remove(RelativesState state, Guid relation)
    {
        if (state.Of(relation) is not { } entry) return null;
        state.Relations.Remove(entry);
        state.Outbox.RemoveAll(note => note.Relation == relation);
        if (entry.Person != Guid.Empty && entry.State != RelationState.Ended) ConsentRules.SayEnds(state, entry);
        return entry;
    }

    /// <summary>The entry of that id, or null.</summary>
    public static RelationEntry? Of(this RelativesState state, Guid relation) => state.Relations.Find(r => r.Id == relation);

    /// <summary>The entry of a person, the one that both have agreed to before any other; or null.</summary>
    public static RelationEntry? With(this RelativesState state, Guid person) => person == Guid.Empty
        ? null
        : state.Relations.Find(r => r.Person == person && r.State == RelationState.Active) ?? state.Relations.Find(r => r.Person == person);

    /// <summary>The list as she sees it.</summary>
    public static RelativeList View(RelativesState state) => new(
        state.Sharing, [.. state.Relations.Select(View)], [.. state.Invitations.Select(i => new RelativeInvitation(i.Id, i.Name, i.Phone, i.At))]);

    // Shorter ones always fit: a record that is too long for whatever reason gets no longer by them.
    private static bool NotesFit(RelativesState state, RelationEntry? entry, string? notes) =>
        Stored(notes) <= Stored(entry?.Notes) || state.Relations.Where(other => other != entry).Sum(other => Stored(other.Notes)) + Stored(notes) <= MostNoteBytes;

    private static int Stored(string? text) => text is null ? 0 : JsonEncodedText.Encode(text, SosStateSerializer.Encoder).EncodedUtf8Bytes.Length;

    /// <summary>The entry as she sees it; who it is stays hidden until both have agreed.</summary>
    public static Relative View(this RelationEntry entry) => new(
        entry.Id,
        entry.State == RelationState.Active ? entry.Person : null,
        entry.Phone,
        entry.Name,
        entry.Notes,
        entry.AddedAt,
        entry is { State: RelationState.Active, Paused: true } ? RelationState.Paused : entry.State,
        new RelativeSharing(entry.Enabled, entry.Until, entry.Precision, entry.Window));
}
