using Sos.Contracts.Users;
using Sos.Grains.Users;

namespace Sos.Grains.Tests.Users;

public class AgeRulesTests
{
    private const string Mother = "+15550100001";
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly UserProfile Ada = new(Guid.NewGuid(), "+15550009999", null, "Ada Lovelace", null, null, Roles.User, [], true, Now);

    [Fact]
    public void Only_who_says_that_she_is_under_age_needs_a_guardian()
    {
        var state = new ContactsState();
        Assert.True(AgeRules.MayShare(state));
        Assert.Equal(ContactRefusal.NotUnderAge, Name(state).Refusal);
        AgeRules.Answer(state, true, Now);
        Assert.True(AgeRules.MayShare(state));
        Assert.Equal(ContactRefusal.NotUnderAge, Name(state).Refusal);
        Assert.Equal((ContactRefusal.None, true), AgeRules.Answer(state, false, Now));
        Assert.False(AgeRules.MayShare(state));
    }

    [Fact]
    public void Who_was_under_age_is_not_of_age_before_a_day_is_over_and_then_her_guardian_is_forgotten()
    {
        var state = UnderAge();
        Name(state);
        Assert.Equal((ContactRefusal.TooSoon, false), AgeRules.Answer(state, true, Now.AddDays(1).AddTicks(-1)));
        Assert.Equal((ContactRefusal.None, false), AgeRules.Answer(state, false, Now.AddHours(5)));
        Assert.Equal((ContactRefusal.None, true), AgeRules.Answer(state, true, Now.AddDays(1)));
        Assert.Null(AgeRules.View(state).Guardian);
        Assert.True(AgeRules.MayShare(state));
    }

    [Fact]
    public void A_guardian_agrees_to_the_present_words_only_and_takes_it_back_at_any_time()
    {
        var state = UnderAge();
        Name(state);
        var id = state.Age!.Guardian!.Id;
        Assert.False(AgeRules.AnswerAsGuardian(state, id, true, AgeRules.Wording + 1, Now));
        Assert.False(AgeRules.AnswerAsGuardian(state, Guid.NewGuid(), true, AgeRules.Wording, Now));
        Assert.False(AgeRules.MayShare(state));
        Assert.True(AgeRules.AnswerAsGuardian(state, id, true, AgeRules.Wording, Now.AddMinutes(1)));
        Assert.True(AgeRules.MayShare(state));
        Assert.Equal(new GuardianStanding(Mother, ContactAnswer.Accepted, Now, Now.AddMinutes(1), AgeRules.Wording), AgeRules.View(state).Guardian);
        Assert.True(AgeRules.AnswerAsGuardian(state, id, false, 0, Now.AddMinutes(2)));
        Assert.False(AgeRules.MayShare(state));
    }

    [Fact]
    public void A_removed_guardian_consents_to_nothing_any_more()
    {
        var state = Agreed();
        Assert.True(AgeRules.Remove(state));
        Assert.False(AgeRules.Remove(state));
        Assert.False(AgeRules.MayShare(state));
    }

    [Fact]
    public void A_number_gets_one_message_in_thirty_days_also_when_it_is_removed_and_named_again()
    {
        var state = UnderAge();
        Name(state);
        state.Age!.GuardianTexted = true;
        Assert.Equal((ContactRefusal.None, false), Name(state, Mother, Now.AddDays(30).AddTicks(-1)));
        Assert.Equal((ContactRefusal.None, true), Name(state, Mother, Now.AddDays(30)));
        AgeRules.Remove(state);
        Assert.Equal(ContactRefusal.TooSoon, Name(state, Mother, Now.AddDays(60).AddTicks(-1)).Refusal);
        Assert.Equal((ContactRefusal.None, true), Name(state, Mother, Now.AddDays(60)));
    }

    [Fact]
    public void A_message_that_was_not_taken_is_sent_again_after_an_hour_under_its_own_number()
    {
        var state = UnderAge();
        Name(state);
        Assert.Equal((ContactRefusal.None, false), Name(state, Mother, Now.AddMinutes(59)));
        Assert.Equal((ContactRefusal.None, true), Name(state, Mother, Now.AddHours(1)));
        Assert.Equal(1, state.Age!.Guardian!.Asked);
    }

    [Fact]
    public void After_a_no_nobody_else_is_asked_for_thirty_days_and_that_number_for_a_year()
    {
        var state = UnderAge();
        Name(state);
        AgeRules.AnswerAsGuardian(state, state.Age!.Guardian!.Id, false, AgeRules.Wording, Now);
        Assert.Equal((ContactRefusal.None, false), Name(state, Mother, Now.AddDays(29)));
        AgeRules.Remove(state);
        Assert.Equal(ContactRefusal.TooSoon, Name(state, "+15550100002", Now.AddDays(30).AddTicks(-1)).Refusal);
        Assert.Equal(ContactRefusal.TooSoon, Name(state, Mother, Now.AddDays(364)).Refusal);
        Assert.Equal((ContactRefusal.None, true), Name(state, "+15550100002", Now.AddDays(30)));
    }

    [Fact]
    public void Neither_a_day_of_invitations_nor_a_contact_who_said_no_is_got_round_by_naming_guardians()
    {
        var state = UnderAge();
        var contact = ContactRules.Add(state, new ContactDraft("Grace", Mother, null), Ada.Phone, Guid.NewGuid(), Now).Entry!;
        ContactRules.Answer(contact, false, Now);
        Assert.Equal(ContactRefusal.TooSoon, Name(state).Refusal);
        for (var i = 1; i < ContactRules.MostInvitations; i++) Assert.Equal((ContactRefusal.None, true), Name(state, $"+1555020{i:0000}"));
        Assert.Equal(ContactRefusal.TooSoon, Name(state, "+15550300000").Refusal);
        Assert.Equal(ContactRefusal.TooSoon, ContactRules.Add(state, new ContactDraft("Vera", "+15550300001", null), Ada.Phone, Guid.NewGuid(), Now).Refusal);
        Assert.Equal((ContactRefusal.None, true), Name(state, "+15550300000", Now.AddDays(1)));
    }

    [Fact]
    public void Ones_own_number_a_missing_name_and_a_second_guardian_beside_one_who_agrees_are_refused()
    {
        Assert.Equal(ContactRefusal.OwnNumber, Name(UnderAge(), Ada.Phone!).Refusal);
        Assert.Equal(ContactRefusal.NameNeeded, AgeRules.Name(UnderAge(), Mother, Ada with { FullName = " 123 " }, Guid.NewGuid(), Now).Refusal);
        Assert.Equal(ContactRefusal.Answered, Name(Agreed(), "+15550100002").Refusal);
    }

    [Fact]
    public void A_guardian_reads_a_first_name_in_letters_and_never_a_number()
    {
        Assert.Equal("Ada", ContactTexts.FirstNameOf(Ada));
        Assert.Equal("", ContactTexts.FirstNameOf(Ada with { FullName = null }));
        Assert.Equal("", ContactTexts.FirstNameOf(Ada with { FullName = "555 0100" }));
        Assert.DoesNotContain("Lovelace", ContactTexts.GuardianQuestion(ContactTexts.FirstNameOf(Ada), null), StringComparison.Ordinal);
    }

    private static ContactsState UnderAge()
    {
        var state = new ContactsState();
        AgeRules.Answer(state, false, Now);
        return state;
    }

    private static ContactsState Agreed()
    {
        var state = UnderAge();
        Name(state);
        AgeRules.AnswerAsGuardian(state, state.Age!.Guardian!.Id, true, AgeRules.Wording, Now);
        return state;
    }

    private static (ContactRefusal Refusal, bool Asks) Name(ContactsState state, string phone = Mother, DateTimeOffset? at = null) => AgeRules.Name(state, phone, Ada, Guid.NewGuid(), at ?? Now);
}
