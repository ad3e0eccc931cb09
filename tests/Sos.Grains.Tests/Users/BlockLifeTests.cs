using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Identity;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Users;

/// <summary>Blocks in a city: who is not asked, who is stood down, and that a kill loses neither side.</summary>
public sealed class BlockLifeTests
{
    private const string NumbersKey = "a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whichever_of_the_two_has_blocked_the_other_she_is_not_asked_and_staff_sees_why(bool byTheVictim)
    {
        await using var city = await CityHost.Start();
        var victim = await Person(city);
        var (near, far) = (await city.OnDuty(300), await city.OnDuty(900));
        if (byTheVictim) await Blocks(city, victim).Add(new BlockDraft(near));
        else await Blocks(city, near).Add(new BlockDraft(victim));
        await Parted(city, victim, near);

        var (alert, _) = await city.Press(victim: victim);
        await city.Until("the other is asked", async () => (await city.Inbox(far, alert)).Length == 1);
        var set = await Kept(city, alert);
        Assert.Equal("excluded", set.Candidates.Single(c => c.Responder == near).Reason);
        Assert.Empty(await city.Inbox(near, alert));
        Assert.Null(await city.Alert(alert).View(new AlertReader(near, false, [])));
        Assert.Equal(AlertRefusal.NotFound, (await city.Act(alert, near, ResponderMove.Accept)).Refusal);
        Assert.Equal(AlertRefusal.Excluded, (await Assign(city, alert, near)).Refusal);

        // Also by itself the service assigns the other one, or nobody.
        await city.Within(TimeSpan.FromSeconds(40), "the other is assigned", async () => (await city.Staff(alert)).Staff!.Offers.Any(o => o.Assigned && o.Responder == far));
        await city.Advance(TimeSpan.FromMinutes(2));
        await city.Until("everybody was tried", async () => (await city.Staff(alert)).Staff!.CandidateSets >= 2);
        Assert.DoesNotContain((await city.Staff(alert)).Staff!.Offers, o => o.Responder == near);
    }

    [Fact]
    public async Task A_block_parts_them_during_the_alert_in_the_words_that_everybody_is_told()
    {
        await using var city = await CityHost.Start();
        var victim = await Person(city);
        var near = await city.OnDuty(300);
        var (alert, _) = await city.Press(victim: victim);
        await city.Until("she is asked", async () => (await city.Inbox(near, alert)).Length == 1);
        Assert.Equal(AlertRefusal.None, (await city.Act(alert, near, ResponderMove.Accept)).Refusal);
        var came = await city.Alert(alert).Attending(victim);
        Assert.Equal((near, "Anna"), (came!.Responder, came.Name));
        Assert.Null(await city.Alert(alert).Attending(near));
        await city.Until("her user knows of the alert", async () => await city.Grains.GetGrain<IUserGrain>(victim).OpenAlert() == alert);

        var next = await city.OnDuty(600, name: "Ben");
        var block = await Blocks(city, victim).Add(new BlockDraft(near, AlertId: alert, Name: "Anna"));
        Assert.Null(block.Block!.Person);
        await city.Until("she is told that she is not needed", async () => (await city.Inbox(near, alert)) is [{ Delivery.Kind: InboxKind.StandDown, Delivery.Reason: "reassigned" }]);
        await city.Until("she is free again", async () => (await city.Responder(near).View())!.Engaged == 0);
        Assert.Null(await city.Alert(alert).View(new AlertReader(near, false, [])));
        await city.Until("the next is asked", async () => (await city.Inbox(next, alert)).Length == 1);

        var fallen = (await city.Story(alert)).Single(e => e.Kind == AlertEventKind.Unassigned);
        Assert.Equal(("excluded", Actor.Service), (fallen.Text, fallen.By));
        var toVictim = (await city.Alert(alert).Events(new AlertReader(victim, false, []), 0, 200))!.Events.Single(e => e.Kind == AlertEventKind.Unassigned);
        Assert.Null(toVictim.Text);
        Assert.Equal(0.5, (await city.Responder(near).View())!.Reliability);
    }

    [Fact]
    public async Task A_lifted_block_lets_her_be_asked_again_unless_the_other_wants_it_too()
    {
        await using var city = await CityHost.Start();
        var (ann, ben) = (await Person(city), await Person(city));
        var annsBlock = (await Blocks(city, ann).Add(new BlockDraft(ben))).Block!;
        var bensBlock = (await Blocks(city, ben).Add(new BlockDraft(ann))).Block!;
        await Parted(city, ann, ben);
        await Blocks(city, ann).Remove(annsBlock.Id);
        await city.Until("her reminder is gone", async () => !await HasReminder(city, ann));
        await Parted(city, ann, ben);
        await Blocks(city, ben).Remove(bensBlock.Id);
        await city.Until("nobody is apart", async () => (await Apart(city, ann)).IsEmpty && (await Apart(city, ben)).IsEmpty);
        Assert.Empty(await Blocks(city, ann).List());
    }

    [Fact]
    public async Task A_number_that_nobody_has_is_blocked_from_when_somebody_has_it()
    {
        await using var city = await CityHost.Start();
        var ann = await Person(city);
        var block = (await Blocks(city, ann).Add(new BlockDraft(null, "+15550100042", NumbersKey))).Block!;
        await city.Until("it was looked up", async () => await Period(city, ann) == TimeSpan.FromHours(1));
        var ben = await city.Grains.GetGrain<IPhoneGrain>(NumbersKey).Claim();
        await city.Grains.GetGrain<IUserGrain>(ben).Register(new UserRegistration("+15550100042", null, Roles.User));
        await city.Advance(TimeSpan.FromHours(1));
        await Parted(city, ann, ben);
        Assert.Equal([block], await Blocks(city, ann).List());
        await city.Until("her reminder is gone", async () => !await HasReminder(city, ann));
    }

    [Fact]
    public async Task An_id_that_is_nobodys_makes_no_record()
    {
        await using var city = await CityHost.Start();
        var (ann, nobody) = (await Person(city), Guid.NewGuid());
        await Blocks(city, ann).Add(new BlockDraft(nobody));
        await city.Until("it was looked up", async () => !await HasReminder(city, ann));
        Assert.Empty(await Apart(city, ann));
        Assert.Empty(await Apart(city, nobody));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_block_that_is_killed_at_any_of_its_writes_stands_on_both_sides_after_the_restart(bool afterTheWrite)
    {
        const int most = 12;
        var reached = 0;
        for (var n = 1; n <= most && reached == 0; n++)
        {
            var guillotine = new Guillotine();
            await using var city = await CityHost.Start(guillotine.Guard);
            var (ann, ben) = (await Person(city), await Person(city));
            guillotine.KillAt(n, afterTheWrite);
            var answered = await Answered(() => Blocks(city, ann).Add(new BlockDraft(ben)));
            await city.Until("it is killed or done", async () => guillotine.HasFallen || await Settled(city, ann));
            if (!guillotine.HasFallen) reached = n;
            guillotine.Lift();
            await city.CrashAndRestart(TimeSpan.FromSeconds(5));

            // Who was answered does nothing more; who was not sends the same again.
            if (!answered) await Blocks(city, ann).Add(new BlockDraft(ben));
            await city.Until($"both sides have it after a kill at write {n}", async () =>
            {
                await city.Advance(TimeSpan.FromSeconds(10));
                return (await Apart(city, ann)).Contains(ben) && (await Apart(city, ben)).Contains(ann) && await Settled(city, ann);
            });
            Assert.Single(await Blocks(city, ann).List());
        }

        // The list, both sides, the list without what was settled.
        Assert.InRange(reached, 5, most);
    }

    [Fact]
    public async Task A_block_that_is_killed_before_the_alert_hears_of_it_parts_them_after_the_restart()
    {
        var guillotine = new Guillotine();
        await using var city = await CityHost.Start(guillotine.Guard);
        var victim = await Person(city);
        var near = await city.OnDuty(300);
        var (alert, _) = await city.Press(victim: victim);
        await city.Until("she is asked", async () => (await city.Inbox(near, alert)).Length == 1);
        Assert.Equal(AlertRefusal.None, (await city.Act(alert, near, ResponderMove.Accept)).Refusal);
        Assert.Equal(AlertRefusal.None, (await city.Act(alert, near, ResponderMove.EnRoute)).Refusal);
        await city.Until("everything is written", async () => await city.Grains.GetGrain<IUserGrain>(victim).OpenAlert() == alert);
        await city.Settle();

        guillotine.KillAt(1, true);
        Assert.False(await Answered(() => Blocks(city, victim).Add(new BlockDraft(near))));
        guillotine.Lift();
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        await city.Until("she is told that she is not needed", async () =>
        {
            await city.Advance(TimeSpan.FromSeconds(5));
            return (await city.Inbox(near, alert)).Any(i => i.Delivery is { Kind: InboxKind.StandDown, Reason: "reassigned" });
        });
    }

    private static async Task<bool> Answered(Func<Task<BlockOutcome>> add)
    {
        try
        {
            return (await add()).Refusal == BlockRefusal.None;
        }
        catch (Exception killed) when (killed is OrleansException or IOException)
        {
            return false;
        }
    }

    private static async Task<Guid> Person(CityHost city)
    {
        var id = Guid.NewGuid();
        await city.Grains.GetGrain<IUserGrain>(id).Register(new UserRegistration($"+1555{Random.Shared.Next(1_000_000, 9_999_999)}", null, Roles.User));
        return id;
    }

    private static IBlocksGrain Blocks(CityHost city, Guid person) => city.Grains.GetGrain<IBlocksGrain>(person);

    private static async Task<System.Collections.Immutable.ImmutableArray<Guid>> Apart(CityHost city, Guid person) => await city.Grains.GetGrain<ISeparationsGrain>(person).Everybody();

    private static Task Parted(CityHost city, Guid one, Guid other) =>
        city.Until("both sides know", async () => (await Apart(city, one)).Contains(other) && (await Apart(city, other)).Contains(one));

    private static async Task<bool> Settled(CityHost city, Guid person)
    {
        try
        {
            return !await HasReminder(city, person);
        }
        catch (Exception killed) when (killed is OrleansException or IOException)
        {
            return false;
        }
    }

    private static async Task<bool> HasReminder(CityHost city, Guid person) => await Period(city, person) is not null;

    private static async Task<TimeSpan?> Period(CityHost city, Guid person) =>
        (await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<IReminderTable>(city.Services)
            .ReadRows(Blocks(city, person).GetGrainId())).Reminders.SingleOrDefault()?.Period;

    private static async Task<CandidateSet> Kept(CityHost city, Guid alert)
    {
        CandidateSet? set = null;
        await city.Until("the search is kept", async () => (set = await city.Grains.GetGrain<ICandidateSetGrain>(CandidateSet.KeyOf(alert, 1)).Read()) is not null);
        return set!;
    }

    private static async Task<AlertOutcome> Assign(CityHost city, Guid alert, Guid responder) =>
        await city.Alert(alert).Direct(new StaffCommand(Guid.NewGuid(), ["*"], StaffMove.Assign, responder, "near", (await city.Staff(alert)).Version, null));
}
