using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>
/// Who may share where she is outside an emergency. Nobody who has not answered is held up, and nothing around an emergency ever asks. A guardian is a
/// stranger to the service, so asking her is bounded as for contacts, and by the month.
/// </summary>
internal static class AgeRules
{
    /// <summary>Version of the words on the guardian's page: grows with every change of what is agreed to.</summary>
    public const int Wording = 1;

    /// <summary>Who has just said that she is under age is not of age at the next try.</summary>
    public static readonly TimeSpan AnswerStands = TimeSpan.FromDays(1);

    /// <summary>A guardian gets one message in so long; and when one has said no, nobody else is asked for so long.</summary>
    public static readonly TimeSpan OneTextIn = TimeSpan.FromDays(30);

    /// <summary>The question for every feature that shares where somebody is, outside an emergency.</summary>
    public static bool MayShare(ContactsState state) => state.Age is not { IsOfAge: false } age || age.Guardian?.Answer == ContactAnswer.Accepted;

    /// <summary>She answers. Who is of age has no guardian.</summary>
    public static (ContactRefusal Refusal, bool Changed) Answer(ContactsState state, bool isOfAge, DateTimeOffset now)
    {
        if (state.Age is not { } age)
        {
            state.Age = new AgeAnswer { IsOfAge = isOfAge, AnsweredAt = now };
            return (ContactRefusal.None, true);
        }

        if (age.IsOfAge == isOfAge) return (ContactRefusal.None, false);
        if (isOfAge && now - age.AnsweredAt < AnswerStands) return (ContactRefusal.TooSoon, false);
        Remove(state);
        (age.IsOfAge, age.AnsweredAt) = (isOfAge, now);
        return (ContactRefusal.None, true);
    }

    /// <summary>She names her guardian. Asks: a message is to be sent, after the write.</summary>
    public static (ContactRefusal Refusal, bool Asks) Name(ContactsState state, string phone, UserProfile? person, Guid id, DateTimeOffset now)
    {
        if (state.Age is not { IsOfAge: false } age) return (ContactRefusal.NotUnderAge, false);
        if (phone == person?.Phone) return (ContactRefusal.OwnNumber, false);
        if (ContactTexts.FirstNameOf(person).Length == 0) return (ContactRefusal.NameNeeded, false);
        if (age.Guardian is { } known && known.Phone == phone) return Again(state, age, known, now);
        if (age.Guardian is { Answer: ContactAnswer.Accepted }) return (ContactRefusal.Answered, false);
        if (now < age.NobodyElseBefore || WasAsked(state, phone, now) || !ContactRules.TakeInvitation(state, now)) return (ContactRefusal.TooSoon, false);
        Remove(state);
        state.Asked.RemoveAll(asked => asked.Phone == phone);
        age.Guardian = new ContactEntry { Id = id, Phone = phone, AskedAt = now, Asked = 1 };
        return (ContactRefusal.None, true);
    }

    /// <summary>The guardian answers; false when that changes nothing. She may change her mind in both directions, and agrees only to the present words.</summary>
    public static bool AnswerAsGuardian(ContactsState state, Guid guardian, bool agrees, int wording, DateTimeOffset now)
    {
        if (state.Age is not { } age || age.Guardian is not { } entry || entry.Id != guardian) return false;
        if (agrees && wording != Wording || !ContactRules.Answer(entry, agrees, now)) return false;
        (age.Wording, age.NobodyElseBefore) = (Wording, agrees ? null : now + OneTextIn);
        return true;
    }

    /// <summary>Removes the guardian and remembers her number; false when there is none.</summary>
    public static bool Remove(ContactsState state)
    {
        if (state.Age is not { Guardian: { } entry } age) return false;
        ContactRules.Remember(state, entry);
        (age.Guardian, age.GuardianTexted, age.Wording) = (null, false, null);
        return true;
    }

    /// <summary>As the person sees it.</summary>
    public static AgeStanding View(ContactsState state) => new(
        state.Age?.IsOfAge,
        state.Age?.AnsweredAt,
        MayShare(state),
        state.Age?.Guardian is { } g ? new GuardianStanding(g.Phone, g.Answer, g.AskedAt, g.AnsweredAt, state.Age.Wording) : null);

    // The number is there. A message that was not taken may be sent once more under its own key, so that one which was taken all the same is not sent twice.
    private static (ContactRefusal Refusal, bool Asks) Again(ContactsState state, AgeAnswer age, ContactEntry guardian, DateTimeOffset now)
    {
        if (guardian.Answer != ContactAnswer.Pending || guardian.Asked >= ContactRules.MostAsked) return (ContactRefusal.None, false);
        if (now - guardian.AskedAt < (age.GuardianTexted ? OneTextIn : ContactRules.AskAgainAfter)) return (ContactRefusal.None, false);
        if (!ContactRules.TakeInvitation(state, now)) return (ContactRefusal.TooSoon, false);
        if (age.GuardianTexted) guardian.Asked++;
        (guardian.AskedAt, age.GuardianTexted) = (now, false);
        return (ContactRefusal.None, true);
    }

    // A number that has said no as a contact is not asked for something else either.
    private static bool WasAsked(ContactsState state, string phone, DateTimeOffset now) =>
        state.Contacts.Exists(c => c.Phone == phone && c.Answer == ContactAnswer.Refused)
        || state.Asked.Exists(a => a.Phone == phone && now - a.At < (a.Refused ? ContactRules.RefusalHolds : OneTextIn));
}
