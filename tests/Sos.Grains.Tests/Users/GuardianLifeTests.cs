using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Messaging;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;
using Sos.Grains.Users;

namespace Sos.Grains.Tests.Users;

public class GuardianLifeTests
{
    private const string Mother = "+15550100001";
    private const string AdasPhone = "+15550009999";
    private static readonly Guid Ada = Guid.Parse("019a0000-0000-7000-8000-00000000ada1");

    [Fact]
    public async Task A_guardian_is_asked_once_agrees_takes_it_back_and_the_person_is_told_each_time_also_after_a_crash()
    {
        await using var city = await CityHost.Start();
        await UnderAge(city);
        Assert.False(await Contacts(city).MayShareOutsideEmergencies());
        Assert.Equal(ContactRefusal.None, (await Contacts(city).NameGuardian(Mother)).Refusal);
        await Contacts(city).NameGuardian(Mother);
        Assert.Equal("Ada asks for your consent, as a parent or guardian, to use parts of an emergency service. Agree or refuse in the app.", Assert.Single(To(city, Mother)).Body);

        var guardian = Guardian(city);
        Assert.Null(await Contacts(city).AnswerAsGuardian(Guid.NewGuid(), true, AgeRules.Wording));
        Assert.Equal(ContactAnswer.Accepted, (await Contacts(city).AnswerAsGuardian(guardian, true, AgeRules.Wording))!.Answer);
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.True(await Contacts(city).MayShareOutsideEmergencies());
        Assert.Equal("Ada", (await Contacts(city).GuardianAsked(guardian))!.FirstName);
        Assert.Single(To(city, AdasPhone));

        await Contacts(city).AnswerAsGuardian(guardian, false, AgeRules.Wording);
        Assert.False(await Contacts(city).MayShareOutsideEmergencies());
        Assert.Equal(2, To(city, AdasPhone).Count);
        await Contacts(city).RemoveGuardian();
        Assert.Null(await Contacts(city).GuardianAsked(guardian));
        Assert.Null(await Contacts(city).AnswerAsGuardian(guardian, true, AgeRules.Wording));
    }

    [Fact]
    public async Task Under_age_without_consent_contacts_hear_of_an_SOS_and_of_no_zone()
    {
        await using var city = await CityHost.Start();
        await UnderAge(city);
        var contact = (await Contacts(city).Add(new ContactDraft("Grace", "+15550100009", null))).Contact!.Id;
        await Contacts(city).Answer(contact, true);
        Assert.Equal(ContactWarning.GuardianNeeded, await Contacts(city).Warn(contact, new GeoPoint(48, 16), "a"));
        Assert.Equal(1, await Contacts(city).Tell(Guid.CreateVersion7(city.Now), ContactNews.Raised, AlertKind.Safety));
        Assert.True(await Contacts(city).MayFollow(contact));

        await Contacts(city).NameGuardian(Mother);
        await Contacts(city).AnswerAsGuardian(Guardian(city), true, AgeRules.Wording);
        Assert.Equal(ContactWarning.Sent, await Contacts(city).Warn(contact, new GeoPoint(48, 16), "b"));
        Assert.DoesNotContain(To(city, Mother), m => m.Body.Contains("48", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task Killed_around_the_message_the_guardian_is_asked_all_the_same_and_by_one_message_only(int write, bool afterTheWrite)
    {
        var guillotine = new Guillotine();
        await using var city = await CityHost.Start(guillotine.Guard);
        await UnderAge(city);
        guillotine.KillAt(write, afterTheWrite);
        await Assert.ThrowsAnyAsync<Exception>(() => Contacts(city).NameGuardian(Mother));
        Assert.True(guillotine.HasFallen);
        guillotine.Lift();
        await city.CrashAndRestart(TimeSpan.FromHours(1));
        await Contacts(city).NameGuardian(Mother);
        // A message that comes twice has one key.
        Assert.Single(To(city, Mother).Select(m => m.IdempotencyKey).Distinct());
        Assert.Equal(ContactAnswer.Accepted, (await Contacts(city).AnswerAsGuardian(Guardian(city), true, AgeRules.Wording))!.Answer);
    }

    [Fact]
    public async Task A_message_that_the_gateway_did_not_take_is_sent_an_hour_later()
    {
        var gateway = new Refusing();
        await using var city = await CityHost.Start(services => services.Replace(ServiceDescriptor.Singleton<ISmsGateway>(gateway)));
        await UnderAge(city);
        Assert.Equal(ContactRefusal.None, (await Contacts(city).NameGuardian(Mother)).Refusal);
        await Contacts(city).NameGuardian(Mother);
        Assert.Equal(1, gateway.Tries);
        await city.Advance(TimeSpan.FromHours(1));
        await Contacts(city).NameGuardian(Mother);
        Assert.Equal(2, gateway.Tries);
    }

    private static IContactsGrain Contacts(CityHost city) => city.Grains.GetGrain<IContactsGrain>(Ada);

    // As the link has it: the key of the message begins with the guardian's id.
    private static Guid Guardian(CityHost city) => Guid.ParseExact(To(city, Mother)[^1].IdempotencyKey.Split('/')[0], "N");

    private static List<TextMessage> To(CityHost city, string phone) => [.. city.Texts.Sent.Where(m => m.To == phone)];

    private static async Task UnderAge(CityHost city)
    {
        await city.Grains.GetGrain<IUserGrain>(Ada).Register(new UserRegistration(AdasPhone, null, Roles.User));
        await city.Grains.GetGrain<IUserGrain>(Ada).Update(new ProfileChange("Ada Lovelace", null, null));
        Assert.Equal(false, (await Contacts(city).AnswerAge(false)).Standing.IsOfAge);
    }

    private sealed class Refusing : ISmsGateway
    {
        public int Tries { get; private set; }

        public Task<bool> Send(TextMessage message, CancellationToken cancellationToken)
        {
            Tries++;
            return Task.FromResult(false);
        }
    }
}
