using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Dispatch;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Alerts;

/// <summary>The whole life of an alert through the real grains, on whichever runtime the build chose.</summary>
public sealed class AlertLifeTests
{
    /// <summary>Rounds of fifty; a thousand with SOS_LONG=1.</summary>
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SOS_LONG") == "1" ? 1000 : 100;

    [Fact]
    public async Task From_press_to_resolved_every_step_is_told()
    {
        await using var city = await CityHost.Start();
        var anna = await city.OnDuty(400);
        var (alert, victim) = await city.Press();
        await city.Until("the offer is in the inbox", async () => (await city.Inbox(anna, alert)).Length == 1);
        var offer = (await city.Inbox(anna, alert))[0].Delivery;
        Assert.Equal(InboxKind.Offer, offer.Kind);
        Assert.Null(offer.Briefing!.Position);

        Assert.Equal(AlertRefusal.None, (await city.Alert(alert).Acknowledge(new ReceiptCommand(anna, true))).Refusal);
        Assert.Equal(AlertRefusal.None, (await city.Act(alert, anna, ResponderMove.Accept)).Refusal);
        Assert.Equal(AlertRefusal.None, (await city.Act(alert, anna, ResponderMove.EnRoute)).Refusal);
        Assert.Equal(AlertRefusal.None, (await city.Act(alert, anna, ResponderMove.OnScene)).Refusal);
        Assert.Equal(AlertRefusal.None, (await city.Act(alert, anna, ResponderMove.Resolve)).Refusal);

        var seen = (await city.Alert(alert).Events(new AlertReader(victim, false, []), 0, 200))!.Events;
        Assert.Equal(
            [AlertEventKind.Raised, AlertEventKind.Offered, AlertEventKind.Delivered, AlertEventKind.Seen, AlertEventKind.Accepted, AlertEventKind.EnRoute, AlertEventKind.OnScene, AlertEventKind.Resolved],
            seen.Select(e => e.Kind));
        Assert.Equal("Anna", seen.Single(e => e.Kind == AlertEventKind.Accepted).Name);
        await city.Until("her capacity is free again", async () => (await city.Responder(anna).View())!.Engaged == 0);
        await city.Until("the user's open alert is gone", async () => await city.Grains.GetGrain<IUserGrain>(victim).OpenAlert() is null);
        Assert.Null(await city.Alert(alert).View(new AlertReader(Guid.NewGuid(), false, [])));
    }

    [Fact]
    public async Task The_only_one_near_by_who_let_the_offer_pass_is_assigned_at_30_seconds_by_the_clock_and_not_before()
    {
        await using var city = await CityHost.Start();
        var anna = await city.OnDuty(300);
        var pressed = city.Now;
        var (alert, _) = await city.Press();
        await city.Until("she is asked", async () => (await city.Staff(alert)).Staff!.Offers.Length == 1);
        await city.Advance(TimeSpan.FromSeconds(29.9));
        await city.Until("the offer's time is over", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.Silent));
        Assert.DoesNotContain(await city.Story(alert), e => e.Kind == AlertEventKind.Assigned);
        await city.Advance(TimeSpan.FromSeconds(0.1));
        await city.Until("she is assigned", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.Assigned));
        var assigned = Assert.Single(await city.Story(alert), e => e.Kind == AlertEventKind.Assigned);
        Assert.Equal((anna, pressed.AddSeconds(30)), (assigned.Responder, assigned.At));
    }

    [Fact]
    public async Task At_30_seconds_the_best_is_assigned_and_the_next_when_she_declines()
    {
        await using var city = await CityHost.Start(services => services.Configure<DispatchOptions>(o => o.AnswerTime = TimeSpan.FromSeconds(40)));
        var (near, far) = (await city.OnDuty(300, name: "Near"), await city.OnDuty(1500, name: "Far"));
        var pressed = city.Now;
        var (alert, _) = await city.Press();
        await city.Until("both are asked", async () => (await city.Staff(alert)).Staff!.Offers.Length == 2);
        await city.Advance(TimeSpan.FromSeconds(30));
        await city.Until("the nearest is assigned", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.Assigned));
        var assigned = Assert.Single(await city.Story(alert), e => e.Kind == AlertEventKind.Assigned);
        Assert.Equal(near, assigned.Responder);
        Assert.Equal(pressed.AddSeconds(30), assigned.At);
        Assert.Equal(1, (await city.Responder(near).View())!.Engaged);

        Assert.Equal(AlertRefusal.None, (await city.Act(alert, near, ResponderMove.Decline)).Refusal);
        await city.Until("the next is assigned", async () => (await city.Story(alert)).Count(e => e.Kind == AlertEventKind.Assigned) == 2);
        Assert.Equal(far, (await city.Story(alert)).Last(e => e.Kind == AlertEventKind.Assigned).Responder);
        await city.Until("the first is free again", async () => (await city.Responder(near).View())!.Engaged == 0);
        var sets = city.Grains.GetGrain<ICandidateSetGrain>(CandidateSet.KeyOf(alert, (await city.Staff(alert)).Staff!.CandidateSets));

        // Looking for what is not there yet makes its grain leave; a cluster may refuse a call that meets it then, and the outbox sends it again.
        await city.Within(TimeSpan.FromSeconds(10), "the reasons are kept", async () => await sets.Read() is not null);
        var why = await sets.Read();
        Assert.Equal((far, "chosen"), why!.Candidates.Where(c => c.Chosen).Select(c => (c.Responder, c.Reason)).Single());
    }

    [Fact]
    public async Task With_nobody_near_the_ring_widens_and_the_people_on_call_are_texted_once()
    {
        await using var city = await CityHost.Start(services => services.Configure<DispatchOptions>(o => o.OnCallNumbers.Add("+15550000001")));
        var (alert, _) = await city.Press();
        await city.Within(TimeSpan.FromSeconds(25), "staff is told", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.StaffTold));
        var story = await city.Story(alert);
        Assert.Equal(["6", "12", "25"], story.Where(e => e.Kind == AlertEventKind.RingWidened).Select(e => e.Text));
        Assert.Equal(1, story.Single(e => e.Kind == AlertEventKind.StaffTold).Count);
        Assert.Equal("+15550000001", Assert.Single(city.Texts.Sent).To);
        Assert.True((await city.Staff(alert)).Status == AlertStatus.Raised);
    }

    [Fact]
    public async Task Somebody_who_comes_on_duty_later_is_still_found()
    {
        await using var city = await CityHost.Start();
        var (alert, _) = await city.Press();
        await city.Within(TimeSpan.FromSeconds(25), "everything was tried", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.StaffTold));
        var late = await city.OnDuty(5000);
        await city.Within(TimeSpan.FromSeconds(35), "she is assigned or asked", async () => !(await city.Inbox(late, alert)).IsEmpty);
    }

    [Fact]
    public async Task A_press_without_a_position_is_taken_and_staff_is_told_at_once()
    {
        await using var city = await CityHost.Start(services => services.Configure<DispatchOptions>(o => o.OnCallNumbers.Add("+15550000001")));
        var (alert, _) = await city.Press(located: false);
        await city.Until("staff is told", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.StaffTold));
        Assert.Equal("none", (await city.Staff(alert)).Area);
    }

    [Fact]
    public async Task R14_fifty_accept_at_once_and_one_wins_in_every_round()
    {
        await using var city = await CityHost.Start(services => services.Configure<DispatchOptions>(o => (o.WaveCap, o.WaveTarget) = (50, 0.999999999999999)));
        var responders = new List<Guid>();
        for (var i = 0; i < 50; i++) responders.Add(await city.OnDuty(100 + 10 * i));
        for (var round = 0; round < Rounds; round++)
        {
            var (alert, victim) = await city.Press();
            await city.Until("all are asked", async () => (await city.Staff(alert)).Staff!.Offers.Length == 50);
            var answers = await Task.WhenAll(responders.Select(r => city.Alert(alert).Respond(new RespondCommand(r, ResponderMove.Accept, long.MaxValue, null, null))));
            Assert.Equal((1, 49), (answers.Count(a => a.Refusal == AlertRefusal.None), answers.Count(a => a.Refusal == AlertRefusal.Taken)));
            await city.Alert(alert).Cancel(new CancelCommand(victim, null, null));
            var winner = (await city.Story(alert)).Single(e => e.Kind == AlertEventKind.Accepted).Responder!.Value;
            await city.Until("she is free again", async () => (await city.Responder(winner).View())!.Engaged == 0);
        }

        Assert.All(await Task.WhenAll(responders.Select(r => city.Responder(r).View())), v => Assert.Equal(0, v!.Engaged));
    }

    [Fact]
    public async Task A_process_that_dies_before_the_30_seconds_assigns_after_its_restart_exactly_once()
    {
        await using var city = await CityHost.Start();
        var anna = await city.OnDuty(400);
        var (alert, _) = await city.Press();
        await city.Until("she is asked", async () => (await city.Inbox(anna, alert)).Length == 1);
        await city.CrashAndRestart(TimeSpan.FromSeconds(32));
        await city.Alert(alert).Ping();
        await city.Within(TimeSpan.FromSeconds(22), "she is assigned from the roster's stale position", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.Assigned));
        Assert.Single(await city.Story(alert), e => e.Kind == AlertEventKind.Assigned);
        Assert.Equal(1, (await city.Responder(anna).View())!.Engaged);
        var story = await city.Story(alert);
        Assert.Equal(Enumerable.Range(1, story.Length).Select(i => (long)i), story.Select(e => e.Seq));
    }

    [Fact]
    public async Task A_guess_at_an_alert_finds_nothing_and_leaves_nothing()
    {
        await using var city = await CityHost.Start();
        var guess = Guid.CreateVersion7();
        Assert.Null(await city.Alert(guess).View(new AlertReader(Guid.NewGuid(), true, ["*"])));
        Assert.Null(await city.Alert(guess).Events(new AlertReader(Guid.NewGuid(), true, ["*"]), 0, 10));
        Assert.Equal(AlertOutcome.NotFound, await city.Alert(guess).Cancel(new CancelCommand(Guid.NewGuid(), null, null)));
    }
}
