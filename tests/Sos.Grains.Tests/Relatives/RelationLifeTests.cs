using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Relatives;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Relatives;

/// <summary>How two people come to be relatives: nobody without both agreeing, nobody asked twice, and no kill leaves the two sides apart.</summary>
public sealed class RelationLifeTests
{
    private const int Most = 40;

    [Fact]
    public async Task Nobody_is_shown_to_anybody_before_both_have_agreed_and_she_has_said_so_and_switched_it_on()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        var added = (await all.Add(ann, bens)).Relative!;
        Assert.Equal((RelationState.Invited, (Guid?)null), (added.State, added.Person));
        Assert.Equal(RelativeRefusal.NotActive, (await all.Of(ann).Share(added.Id, new RelativeSharing(true, null, SharePrecision.Exact))).Refusal);
        await all.City.Until("he is asked", async () => (await all.Of(ben).List()).Invitations.Length == 1);
        var invitation = (await all.Of(ben).List()).Invitations[0];
        Assert.Equal("Ann", invitation.Name);
        Assert.Null((await all.Of(ann).List()).Relatives[0].Person);

        await all.Of(ben).Answer(invitation.Id, true, null);
        await all.City.Until("she knows", async () => await all.With(ann, ben) is { State: RelationState.Active });
        Assert.False(await all.Shows(ann, ben) || await all.Shows(ben, ann));
        await all.Of(ben).Share((await all.With(ben, ann))!.Id, new RelativeSharing(true, null, SharePrecision.Exact));
        Assert.False(await all.Shows(ben, ann), "the master switch is off");
        await all.Of(ben).Toggle(true);
        Assert.True(await all.Shows(ben, ann));
        Assert.False(await all.Shows(ann, ben));
        await all.Of(ben).Toggle(false);
        Assert.False(await all.Shows(ben, ann));
    }

    [Fact]
    public async Task Who_both_ask_for_each_other_at_the_same_moment_have_agreed()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, anns), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await Task.WhenAll(all.Add(ann, bens), all.Add(ben, anns));
        await all.City.Until("both know", async () => await all.With(ann, ben) is { State: RelationState.Active } && await all.With(ben, ann) is { State: RelationState.Active });
        await Settled(all, ann, ben);
        Assert.Single((await all.Of(ann).List()).Relatives);
        Assert.Single((await all.Of(ben).List()).Relatives);
        Assert.Empty((await all.Of(ann).List()).Invitations);
    }

    [Fact]
    public async Task Of_twenty_parallel_adds_of_a_number_one_is_taken_and_the_others_are_told_that_it_is_there()
    {
        await using var all = await RelativesCity.Start();
        var (ann, _) = await all.Person("Ann");
        var number = all.Number();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => all.Add(ann, number)));
        Assert.Single(outcomes, o => o.Refusal == RelativeRefusal.None);
        Assert.Equal(19, outcomes.Count(o => o.Refusal == RelativeRefusal.Duplicate));
        Assert.Single((await all.Of(ann).List()).Relatives);
    }

    [Fact]
    public async Task Thirty_people_who_ask_the_same_number_cost_it_one_text_message_in_thirty_days()
    {
        await using var all = await RelativesCity.Start();
        var number = all.Number();
        var people = new List<Guid>();
        for (var i = 0; i < 30; i++) people.Add((await all.Person("Ann")).Id);
        await Task.WhenAll(people.Select(person => all.Add(person, number)));
        foreach (var person in people) await Settled(all, person);
        var text = Assert.Single(all.City.Texts.Sent);
        Assert.Equal(number, text.To);
        Assert.StartsWith("Ann would like to know when you are near each other", text.Body, StringComparison.Ordinal);

        await all.City.Advance(TimeSpan.FromDays(30));
        var (late, _) = await all.Person("Late");
        await all.Add(late, number);
        await all.City.Until("it is asked once more", () => Task.FromResult(all.City.Texts.Sent.Count(t => t.To == number) == 2));
    }

    [Fact]
    public async Task A_number_that_has_refused_gets_no_text_from_anybody_and_who_was_refused_sees_no_difference()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (eve, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Eve"), await all.Person("Ben"));
        await all.Add(ann, bens);
        await all.City.Until("he is asked", async () => (await all.Of(ben).List()).Invitations.Length == 1);
        var before = (await all.Of(ann).List()).Relatives[0];
        await all.Of(ben).Answer((await all.Of(ben).List()).Invitations[0].Id, false, null);
        await Settled(all, ann, ben);
        Assert.Equal(before, (await all.Of(ann).List()).Relatives[0]);
        var texts = all.City.Texts.Sent.Count;

        // Also when the month is over; and Ann does not even reach him any more.
        await all.City.Advance(TimeSpan.FromDays(31));
        await all.Of(ann).Remove(before.Id);
        Assert.Equal(RelativeRefusal.None, (await all.Add(ann, bens)).Refusal);
        await all.Add(eve, bens);
        await all.City.Until("Eve's question has come", async () => (await all.Of(ben).List()).Invitations.Length == 1);
        await Settled(all, ann, eve, ben);
        Assert.Equal("Eve", (await all.Of(ben).List()).Invitations.Single().Name);
        Assert.Equal(texts, all.City.Texts.Sent.Count);
    }

    [Fact]
    public async Task A_number_that_becomes_somebodys_later_is_asked_in_the_app_within_a_day()
    {
        await using var all = await RelativesCity.Start();
        var (ann, _) = await all.Person("Ann");
        var number = all.Number();
        await all.Add(ann, number);
        await Settled(all, ann);
        var (ben, _) = await all.Person("Ben", number);
        Assert.Empty((await all.Of(ben).List()).Invitations);
        await all.City.Advance(TimeSpan.FromDays(1));
        await all.City.Until("he is asked", TimeSpan.FromSeconds(5), async () => (await all.Of(ben).List()).Invitations.Length == 1);
    }

    [Fact]
    public async Task Who_ends_it_is_shown_to_nobody_by_it_and_the_other_one_sees_that_it_has_ended_and_may_ask_again()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        await all.Show(ann, ben);
        await all.Show(ben, ann);
        Assert.Equal(RelativeRefusal.None, (await all.Of(ben).Remove((await all.With(ben, ann))!.Id)).Refusal);
        Assert.False(await all.Shows(ben, ann));
        await all.City.Until("she sees it", async () => (await all.Of(ann).List()).Relatives.Single().State == RelationState.Ended);
        Assert.False(await all.Shows(ann, ben));
        Assert.Equal(RelativeRefusal.None, (await all.Add(ann, bens)).Refusal);
        await all.City.Until("he is asked again", async () => (await all.Of(ben).List()).Invitations.Length == 1);
    }

    [Fact]
    public async Task A_list_takes_twenty_and_ten_a_day()
    {
        await using var all = await RelativesCity.Start();
        var (ann, anns) = await all.Person("Ann");
        Assert.Equal(RelativeRefusal.OwnNumber, (await all.Add(ann, anns)).Refusal);
        for (var i = 0; i < 10; i++) Assert.Equal(RelativeRefusal.None, (await all.Add(ann, all.Number())).Refusal);
        Assert.Equal(RelativeRefusal.TooSoon, (await all.Add(ann, all.Number())).Refusal);
        await Settled(all, ann);
        await all.City.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 10; i++) Assert.Equal(RelativeRefusal.None, (await all.Add(ann, all.Number())).Refusal);
        await Settled(all, ann);
        await all.City.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RelativeRefusal.TooMany, (await all.Add(ann, all.Number())).Refusal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_relation_that_is_killed_at_any_write_of_either_side_is_whole_after_the_restart(bool afterTheWrite)
    {
        var reached = 0;
        for (var n = 1; n <= Most; n++)
        {
            var guillotine = new Guillotine();
            await using var all = await RelativesCity.Start(guillotine.Guard);
            var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
            await all.Add(ann, bens);
            await all.City.Until("he is asked", async () => (await all.Of(ben).List()).Invitations.Length == 1);
            await Settled(all, ann, ben);
            var invitation = (await all.Of(ben).List()).Invitations[0].Id;
            guillotine.KillAt(n, afterTheWrite);
            try
            {
                await all.Of(ben).Answer(invitation, true, null);
                await all.City.Until("it is killed or done", async () => guillotine.HasFallen || await IsWhole(all, ann, ben) && await IsQuiet(all, ann, ben));
            }
            catch (Exception)
            {
                // Killed under the call: she presses again after the restart.
                Assert.True(guillotine.HasFallen);
            }

            if (!guillotine.HasFallen)
            {
                reached = n;
                break;
            }

            guillotine.Lift();
            await all.City.CrashAndRestart(TimeSpan.FromSeconds(5));
            if ((await all.Of(ben).List()).Invitations.Any(i => i.Id == invitation)) await all.Of(ben).Answer(invitation, true, null);
            await all.City.Until($"both sides agree after a kill at write {n}", TimeSpan.FromSeconds(5), () => IsWhole(all, ann, ben));
        }

        // His answer, her side, and that she has heard.
        Assert.InRange(reached, 4, Most);
    }

    private static async Task<bool> IsWhole(RelativesCity all, Guid ann, Guid ben) => await all.With(ann, ben) is { State: RelationState.Active } && await all.With(ben, ann) is { State: RelationState.Active };

    // Nothing is on its way: the reminder is back to once a day.
    private static async Task<bool> IsQuiet(RelativesCity all, params Guid[] people)
    {
        foreach (var person in people)
        {
            if ((await all.City.Services.GetRequiredService<IReminderTable>().ReadRows(all.Of(person).GetGrainId())).Reminders.Any(row => row.Period < TimeSpan.FromDays(1))) return false;
        }

        return true;
    }

    private static async Task Settled(RelativesCity all, params Guid[] people) => await all.City.Until("everything was said and heard", () => IsQuiet(all, people));
}
