using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>
/// Who becomes an emergency contact. Whoever adds a number makes the service write to a stranger, so asking is bounded: by contact, by day,
/// and for good where the answer was no.
/// </summary>
internal static class ContactRules
{
    /// <summary>Contacts of a person.</summary>
    public const int MostContacts = 5;

    /// <summary>Invitations in a day, to whomever.</summary>
    public const int MostInvitations = 10;

    /// <summary>How often one contact is asked at all.</summary>
    public const int MostAsked = 3;

    /// <summary>Numbers remembered after they ceased to be contacts.</summary>
    public const int MostRemembered = 32;

    /// <summary>A number is asked again no sooner.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(1);

    /// <summary>A number that has said no is not asked again by the same person for so long.</summary>
    public static readonly TimeSpan RefusalHolds = TimeSpan.FromDays(365);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Adds a contact who is to be asked; a number that is there already stays as it is, with no refusal and no change.</summary>
    public static (ContactRefusal Refusal, ContactEntry? Entry, bool Changed) Add(ContactsState state, ContactDraft draft, string? ownPhone, Guid id, DateTimeOffset now)
    {
        if (state.Contacts.Find(c => c.Phone == draft.Phone) is { } known) return (ContactRefusal.None, known, false);
        if (draft.Phone == ownPhone) return (ContactRefusal.OwnNumber, null, false);
        if (state.Contacts.Count >= MostContacts) return (ContactRefusal.TooMany, null, false);
        var before = state.Asked.Find(a => a.Phone == draft.Phone);
        if (before is not null && now - before.At < (before.Refused ? RefusalHolds : AskAgainAfter)) return (ContactRefusal.TooSoon, null, false);
        if (!TakeInvitation(state, now)) return (ContactRefusal.TooSoon, null, false);
        if (before is not null) state.Asked.Remove(before);
        var entry = new ContactEntry { Id = id, Name = draft.Name, Phone = draft.Phone, Relationship = draft.Relationship, AskedAt = now, Asked = 1 };
        state.Contacts.Add(entry);
        return (ContactRefusal.None, entry, true);
    }

    /// <summary>Changes what is no matter of consent.</summary>
    public static ContactRefusal Change(ContactsState state, Guid contact, string? name, string? relationship)
    {
        if (state.Of(contact) is not { } entry) return ContactRefusal.NotFound;
        entry.Name = name ?? entry.Name;
        entry.Relationship = relationship ?? entry.Relationship;
        return ContactRefusal.None;
    }

    /// <summary>Removes a contact and remembers her number; false when there is none.</summary>
    public static bool Remove(ContactsState state, Guid contact)
    {
        if (state.Of(contact) is not { } entry) return false;
        state.Contacts.Remove(entry);
        Remember(state, entry);
        return true;
    }

    /// <summary>Keeps in mind that a number was asked which is so no more.</summary>
    public static void Remember(ContactsState state, ContactEntry entry)
    {
        if (entry.AskedAt is not { } at) return;
        if (state.Asked.Count == MostRemembered) state.Asked.RemoveAt(0);
        state.Asked.Add(new AskedNumber { Phone = entry.Phone, At = entry.AnsweredAt ?? at, Refused = entry.Answer == ContactAnswer.Refused });
    }

    /// <summary>Asks once more.</summary>
    public static ContactRefusal Invite(ContactsState state, Guid contact, DateTimeOffset now)
    {
        if (state.Of(contact) is not { } entry) return ContactRefusal.NotFound;
        if (entry.Answer == ContactAnswer.Accepted) return ContactRefusal.Answered;
        if (entry.Answer == ContactAnswer.Refused || entry.Asked >= MostAsked || now - entry.AskedAt < AskAgainAfter) return ContactRefusal.TooSoon;
        if (!TakeInvitation(state, now)) return ContactRefusal.TooSoon;
        entry.AskedAt = now;
        entry.Asked++;
        return ContactRefusal.None;
    }

    /// <summary>A contact answers; false when that changes nothing. She may change her mind in both directions.</summary>
    public static bool Answer(ContactEntry entry, bool accepts, DateTimeOffset now)
    {
        var answer = accepts ? ContactAnswer.Accepted : ContactAnswer.Refused;
        if (entry.Answer == answer) return false;
        (entry.Answer, entry.AnsweredAt) = (answer, now);
        return true;
    }

    /// <summary>The contact of that id, or null.</summary>
    public static ContactEntry? Of(this ContactsState state, Guid contact) => state.Contacts.Find(c => c.Id == contact);

    /// <summary>The contact as the person sees her.</summary>
    public static EmergencyContact View(this ContactEntry entry) =>
        new(entry.Id, entry.Name, entry.Phone, entry.Relationship, entry.Answer, entry.AskedAt, entry.AnsweredAt);

    /// <summary>Takes one of the day's invitations; false when none is left.</summary>
    public static bool TakeInvitation(ContactsState state, DateTimeOffset now)
    {
        state.Invitations.RemoveAll(at => now - at >= Day);
        if (state.Invitations.Count >= MostInvitations) return false;
        state.Invitations.Add(now);
        return true;
    }
}
