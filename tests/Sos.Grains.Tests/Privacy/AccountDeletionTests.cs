using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Privacy;

/// <summary>The end of an account: 7 days after the person asked, once, whole, and whatever is killed on the way.</summary>
public sealed class AccountDeletionTests
{
    private const int Most = 40;

    [Fact]
    public async Task Seven_days_after_she_asked_nothing_of_the_person_is_left_and_her_number_is_free()
    {
        await using var leaving = await LeavingCity.Start();
        var due = await leaving.Ask();
        Assert.Equal(leaving.City.Now + TimeSpan.FromDays(7), due);
        Assert.Equal(due, await leaving.Ask());
        await leaving.City.Advance(TimeSpan.FromDays(6));
        Assert.Contains("account", await leaving.Left());
        await leaving.City.Advance(TimeSpan.FromDays(1));
        await leaving.MinuteByMinute("she is gone", async () => (await leaving.Left()).Count == 0);

        // Nothing comes again under the old id, and the number makes a new one.
        Assert.Null(await leaving.Account.Register(new UserRegistration("+15550100300", null, Roles.User)));
        await leaving.Account.NoteAlert(Guid.NewGuid(), true);
        Assert.Null(await leaving.Account.OpenAlert());
        Assert.False(await leaving.Deletion.Cancel());
        Assert.NotEqual(leaving.Ada, await leaving.City.Grains.GetGrain<IPhoneGrain>("0a1b").Claim());
    }

    [Fact]
    public async Task Who_changes_her_mind_within_the_grace_stays()
    {
        await using var leaving = await LeavingCity.Start();
        await leaving.Ask();
        await leaving.City.Advance(TimeSpan.FromDays(6));
        Assert.True(await leaving.Deletion.Cancel());
        Assert.Null(await leaving.Deletion.DueAt());
        await leaving.City.Advance(TimeSpan.FromDays(3));
        for (var minute = 0; minute < 30; minute++) await leaving.City.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Ada", (await leaving.Account.Profile())!.FullName);
        Assert.Contains("contacts", await leaving.Left());
    }

    [Fact]
    public async Task A_clock_that_is_set_forward_by_mistake_deletes_nobody_before_it_is_looked_at_twice()
    {
        await using var leaving = await LeavingCity.Start();
        await leaving.Ask();
        await leaving.City.Advance(TimeSpan.FromDays(7));
        for (var look = 0; look < 9; look++)
        {
            await leaving.City.Advance(TimeSpan.FromMinutes(1));
            Assert.NotNull(await leaving.Account.Profile());
        }

        await leaving.MinuteByMinute("the second look", async () => (await leaving.Left()).Count == 0);
    }

    [Fact]
    public async Task An_open_alert_puts_the_end_off_until_it_is_closed()
    {
        await using var leaving = await LeavingCity.Start();
        await leaving.Ask();
        var (alert, _) = await leaving.City.Press(victim: leaving.Ada);
        await leaving.City.Until("she is known to have it open", async () => await leaving.Account.OpenAlert() == alert);
        await leaving.City.Advance(TimeSpan.FromDays(7));
        for (var minute = 0; minute < 60; minute++)
        {
            await leaving.City.Advance(TimeSpan.FromMinutes(1));
            Assert.NotNull(await leaving.Account.Profile());
        }

        await leaving.City.Alert(alert).Cancel(new Sos.Contracts.Alerts.CancelCommand(leaving.Ada, null, null));
        await leaving.MinuteByMinute("she is gone", async () => (await leaving.Left()).Count == 0);
    }

    [Fact]
    public async Task An_administrator_who_was_made_one_in_the_grace_stays_until_another_takes_the_role_away()
    {
        await using var leaving = await LeavingCity.Start();
        await leaving.Ask();
        await leaving.Account.Grant(new UserGrant(Roles.User | Roles.Admin, null, null));
        await leaving.City.Advance(TimeSpan.FromDays(7));
        for (var minute = 0; minute < 30; minute++) await leaving.City.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await leaving.Account.Profile());
        await leaving.Account.Grant(new UserGrant(Roles.User, null, null));
        await leaving.MinuteByMinute("she is gone", async () => (await leaving.Left()).Count == 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deletion_that_is_killed_at_any_of_its_writes_is_finished_after_the_restart(bool afterTheWrite)
    {
        var reached = 0;
        for (var n = 1; n <= Most; n++)
        {
            var guillotine = new Guillotine();
            await using var leaving = await LeavingCity.Start(guillotine.Guard);
            await leaving.Ask();
            // Armed first: the deletion begins as soon as the clock moves.
            guillotine.KillAt(n, afterTheWrite);
            await leaving.City.Advance(TimeSpan.FromDays(7));
            await leaving.MinuteByMinute("it is killed or done", async () => guillotine.HasFallen || (await leaving.Left()).Count == 0);
            if (!guillotine.HasFallen)
            {
                reached = n;
                break;
            }

            guillotine.Lift();
            await leaving.City.CrashAndRestart(TimeSpan.FromSeconds(5));
            await leaving.MinuteByMinute($"it is finished after a kill at write {n}", async () => (await leaving.Left()).Count == 0);
        }

        // Duty, session and list, account, contacts, responder, second factor, password, address, alert, listing, the deletion itself.
        Assert.InRange(reached, 11, Most);
    }
}
