using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sos.Contracts.Alerts;
using Sos.Contracts.Messaging;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Users;

public class ContactLifeTests
{
    private static readonly Guid Ada = Guid.Parse("019a0000-0000-7000-8000-00000000ada0");

    [Fact]
    public async Task Only_contacts_who_agreed_are_texted_at_the_press_and_at_the_end_each_once()
    {
        await using var city = await CityHost.Start();
        var (agreed, refused, silent) = (await Contact(city, 1, true), await Contact(city, 2, false), await Contact(city, 3, null));
        var helper = await city.OnDuty(300);
        var (alert, _) = await city.Press(victim: Ada);
        await city.Until("the contact is texted", () => Task.FromResult(News(city, agreed).Count == 1));

        // Longer than it takes: on a busy machine the clock runs ahead of what happens.
        await city.Within(TimeSpan.FromSeconds(20), "the victim sees that her contact was told", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.ContactsTold));
        Assert.Equal(1, (await city.Story(alert)).Single(e => e.Kind == AlertEventKind.ContactsTold).Count);
        Assert.Contains("SOS: Ada needs help (medical)", Assert.Single(News(city, agreed)).Body, StringComparison.Ordinal);

        foreach (var move in new[] { ResponderMove.Accept, ResponderMove.EnRoute, ResponderMove.OnScene, ResponderMove.Resolve })
        {
            await city.Until("she is asked", async () => !(await city.Inbox(helper, alert)).IsEmpty);
            Assert.Equal(AlertRefusal.None, (await city.Act(alert, helper, move)).Refusal);
        }

        await city.Until("the contact hears that Ada is safe", () => Task.FromResult(News(city, agreed).Count == 2));
        Assert.Equal("Ada is safe: the SOS has been closed.", News(city, agreed)[^1].Body);
        Assert.Empty(News(city, refused));
        Assert.Empty(News(city, silent));
    }

    [Fact]
    public async Task Called_off_within_the_countdown_nobody_was_told_of_anything()
    {
        await using var city = await CityHost.Start();
        var agreed = await Contact(city, 1, true);
        var alert = Guid.CreateVersion7(city.Now);
        await city.Alert(alert).Raise(new RaiseCommand(Ada, AlertKind.Safety, null, null, false, city.Now.AddSeconds(5), city.Now, null, []));
        await city.Advance(TimeSpan.FromSeconds(4));
        await city.Alert(alert).Cancel(new CancelCommand(Ada, null, null));
        await city.Until("the close is known", async () => await city.Grains.GetGrain<IUserGrain>(Ada).OpenAlert() is null);
        await city.Advance(TimeSpan.FromSeconds(10));
        await city.Until("the outbox is empty", async () => (await city.Staff(alert)).Status == AlertStatus.Cancelled);
        Assert.Empty(News(city, agreed));
        Assert.Null(await city.Alert(alert).Follow(Ada));
    }

    [Fact]
    public async Task A_gateway_that_fails_once_is_tried_again_and_nothing_else_waits_for_it()
    {
        var gateway = new FailingOnce();
        await using var city = await CityHost.Start(services => services.Replace(ServiceDescriptor.Singleton<ISmsGateway>(gateway)));
        await Contact(city, 1, true);
        gateway.Armed = true;
        var (alert, _) = await city.Press(victim: Ada);
        await city.Until("her account knows the alert", async () => await city.Grains.GetGrain<IUserGrain>(Ada).OpenAlert() == alert);
        await city.Until("the gateway is tried", () => Task.FromResult(gateway.Tries == 1));
        await city.Within(TimeSpan.FromSeconds(20), "the contact is told", async () => (await city.Story(alert)).Any(e => e.Kind == AlertEventKind.ContactsTold));
        Assert.Equal(2, gateway.Tries);
    }

    [Fact]
    public async Task A_contact_who_takes_her_consent_back_hears_no_more_also_after_a_crash()
    {
        await using var city = await CityHost.Start();
        var agreed = await Contact(city, 1, true);
        var contacts = city.Grains.GetGrain<IContactsGrain>(Ada);
        var id = (await contacts.List())[0].Id;
        Assert.True(await contacts.MayFollow(id));
        Assert.Equal(ContactAnswer.Refused, (await contacts.Answer(id, false))!.Answer);
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        contacts = city.Grains.GetGrain<IContactsGrain>(Ada);
        Assert.False(await contacts.MayFollow(id));
        Assert.Equal(0, await contacts.Tell(Guid.NewGuid(), ContactNews.Raised, AlertKind.Fire));
        await contacts.Remove(id);
        Assert.Null(await contacts.Invitation(id));
        Assert.Null(await contacts.Answer(id, true));
        Assert.Empty(News(city, agreed));
    }

    private static async Task<string> Contact(CityHost city, int number, bool? accepts)
    {
        await city.Grains.GetGrain<IUserGrain>(Ada).Register(new UserRegistration("+15550009999", null, Roles.User));
        await city.Grains.GetGrain<IUserGrain>(Ada).Update(new ProfileChange("Ada", null, null));
        var contacts = city.Grains.GetGrain<IContactsGrain>(Ada);
        var phone = $"+1555000{number:0000}";
        var added = await contacts.Add(new ContactDraft("Grace", phone, null));
        Assert.Equal(ContactRefusal.None, added.Refusal);
        if (accepts is { } answer) await contacts.Answer(added.Contact!.Id, answer);
        return phone;
    }

    // Without the invitation, which everybody got.
    private static List<TextMessage> News(CityHost city, string phone) => [.. city.Texts.Sent.Where(m => m.To == phone && !m.IdempotencyKey.Contains("invitation", StringComparison.Ordinal))];

    private sealed class FailingOnce : ISmsGateway
    {
        public bool Armed { get; set; }

        public int Tries { get; private set; }

        public Task<bool> Send(TextMessage message, CancellationToken cancellationToken)
        {
            if (!Armed) return Task.FromResult(true);
            return ++Tries == 1 ? throw new TimeoutException("The gateway does not answer.") : Task.FromResult(true);
        }
    }
}
