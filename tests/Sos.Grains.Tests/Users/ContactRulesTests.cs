using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;
using Sos.Grains.Alerts;
using Sos.Grains.State;
using Sos.Grains.Users;

namespace Sos.Grains.Tests.Users;

public class ContactRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Five_contacts_are_the_most_and_the_same_number_is_the_same_contact()
    {
        var state = new ContactsState();
        for (var i = 0; i < 5; i++) Assert.Equal(ContactRefusal.None, Add(state, i).Refusal);
        Assert.Equal(ContactRefusal.TooMany, Add(state, 5).Refusal);
        var (refusal, known, changed) = Add(state, 3);
        Assert.Equal((ContactRefusal.None, state.Contacts[3].Id, false), (refusal, known!.Id, changed));
        Assert.Equal(5, state.Contacts.Count);
    }

    [Fact]
    public void Nobody_is_her_own_contact() =>
        Assert.Equal(ContactRefusal.OwnNumber, ContactRules.Add(new ContactsState(), Draft(1), Draft(1).Phone, Guid.NewGuid(), Now).Refusal);

    [Fact]
    public void Removing_and_adding_again_asks_a_number_no_sooner()
    {
        var state = new ContactsState();
        Assert.True(ContactRules.Remove(state, Add(state, 1).Entry!.Id));
        Assert.False(ContactRules.Remove(state, Guid.NewGuid()));
        Assert.Equal(ContactRefusal.TooSoon, Add(state, 1, Now.AddMinutes(59)).Refusal);
        Assert.Equal(ContactRefusal.None, Add(state, 1, Now.AddMinutes(60)).Refusal);
    }

    [Fact]
    public void A_number_that_said_no_is_left_alone_for_a_year()
    {
        var state = new ContactsState();
        var entry = Add(state, 1).Entry!;
        Assert.True(ContactRules.Answer(entry, false, Now));
        Assert.Equal(ContactRefusal.TooSoon, ContactRules.Invite(state, entry.Id, Now.AddDays(2)));
        ContactRules.Remove(state, entry.Id);
        Assert.Equal(ContactRefusal.TooSoon, Add(state, 1, Now.AddDays(364)).Refusal);
        Assert.Equal(ContactRefusal.None, Add(state, 1, Now.AddDays(365)).Refusal);
    }

    [Fact]
    public void A_contact_is_asked_three_times_an_hour_apart_and_not_once_she_has_agreed()
    {
        var state = new ContactsState();
        var entry = Add(state, 1).Entry!;
        Assert.Equal(ContactRefusal.TooSoon, ContactRules.Invite(state, entry.Id, Now.AddMinutes(59)));
        Assert.Equal(ContactRefusal.None, ContactRules.Invite(state, entry.Id, Now.AddHours(1)));
        Assert.Equal(ContactRefusal.None, ContactRules.Invite(state, entry.Id, Now.AddHours(2)));
        Assert.Equal(ContactRefusal.TooSoon, ContactRules.Invite(state, entry.Id, Now.AddHours(3)));
        Assert.True(ContactRules.Answer(entry, true, Now));
        Assert.False(ContactRules.Answer(entry, true, Now));
        Assert.Equal(ContactRefusal.Answered, ContactRules.Invite(state, entry.Id, Now.AddDays(1)));
        Assert.Equal(ContactRefusal.NotFound, ContactRules.Invite(state, Guid.NewGuid(), Now));
    }

    [Fact]
    public void Ten_invitations_a_day_whoever_gets_them()
    {
        var state = new ContactsState();
        for (var i = 0; i < 10; i++)
        {
            var (refusal, entry, _) = Add(state, i);
            Assert.Equal(ContactRefusal.None, refusal);
            ContactRules.Remove(state, entry!.Id);
        }

        Assert.Equal(ContactRefusal.TooSoon, Add(state, 10, Now.AddHours(23)).Refusal);
        Assert.Equal(ContactRefusal.None, Add(state, 10, Now.AddHours(24)).Refusal);
    }

    [Theory]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("  Zoë   O’Brien-Smith ", "Zoë O’Brien-Smith")]
    [InlineData("Win at http://evil.example/x?y=1 or ring 0900123", "Win at httpevilexamplexy or ring")]
    [InlineData("😀👩‍🚒", "+15550001")]
    [InlineData("", "+15550001")]
    [InlineData(null, "+15550001")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyzabcdefghijklmn")]
    [InlineData("அம்மா", "அம்மா")]
    public void A_name_in_a_message_has_letters_only(string? name, string shown) =>
        Assert.Equal(shown, ContactTexts.NameOf(new UserProfile(Guid.Empty, "+15550001", null, name, null, null, Roles.User, [], true, Now)));

    [Fact]
    public void A_full_record_is_small_and_reads_back()
    {
        var state = new ContactsState();
        for (var i = 0; i < 5; i++) Add(state, i);
        foreach (var entry in state.Contacts) (entry.Name, entry.Relationship) = (new string('ö', 60), new string('ö', 60));
        for (var i = 0; i < 32; i++) state.Asked.Add(new AskedNumber { Phone = "+155500000000" + i, At = Now, Refused = true });
        for (var i = 0; i < 10; i++) state.Invitations.Add(Now);
        var bytes = new SosStateSerializer().Serialize(state);
        Assert.InRange(bytes.ToMemory().Length, 1, 8 * 1024);
        var read = new SosStateSerializer().Deserialize<ContactsState>(bytes);
        Assert.Equal(state.Contacts.Select(c => (c.Id, c.Phone)), read.Contacts.Select(c => (c.Id, c.Phone)));
    }

    [Fact]
    public void A_contact_follows_from_the_end_of_the_countdown_to_an_hour_after_the_close_and_sees_no_place_then()
    {
        var victim = Guid.NewGuid();
        var state = new AlertState();
        AlertRules.Raise(state, new RaiseCommand(victim, AlertKind.Fire, new PositionFix(City.CityHost.Square, null, Now), null, false, Now.AddSeconds(5), Now, null, []), Now, new Sos.Grains.Dispatch.DispatchOptions());
        Assert.Null(AlertContacts.Follow(state, victim, Now));
        AlertContacts.Tell(state, Guid.NewGuid());
        AlertContacts.Told(state, 1, Now.AddSeconds(6));
        Assert.NotNull(AlertContacts.Follow(state, victim, Now.AddSeconds(6))!.Position);
        Assert.Null(AlertContacts.Follow(state, Guid.NewGuid(), Now.AddSeconds(6)));
        AlertRules.Close(state, Guid.NewGuid(), AlertStatus.Resolved, Now.AddMinutes(1));
        Assert.Null(AlertContacts.Follow(state, victim, Now.AddMinutes(2))!.Position);
        Assert.Null(AlertContacts.Follow(state, victim, Now.AddMinutes(61)));
    }

    [Fact]
    public void A_contact_whose_message_is_on_its_way_follows_also_when_the_alert_is_closed_meanwhile_and_one_who_was_never_told_does_not()
    {
        var victim = Guid.NewGuid();
        foreach (var told in new[] { true, false })
        {
            var state = new AlertState();
            AlertRules.Raise(state, new RaiseCommand(victim, AlertKind.Fire, null, null, false, Now.AddSeconds(5), Now, null, []), Now, new Sos.Grains.Dispatch.DispatchOptions());
            if (told) AlertContacts.Tell(state, Guid.NewGuid());
            AlertRules.Close(state, Guid.NewGuid(), AlertStatus.Cancelled, Now.AddSeconds(6));
            Assert.Equal(told, AlertContacts.Follow(state, victim, Now.AddSeconds(7)) is not null);
        }
    }

    private static (ContactRefusal Refusal, ContactEntry? Entry, bool Changed) Add(ContactsState state, int number, DateTimeOffset? at = null) =>
        ContactRules.Add(state, Draft(number), "+15559999999", Guid.NewGuid(), at ?? Now);

    private static ContactDraft Draft(int number) => new("Grace", $"+1555000{number:0000}", "sister");
}
