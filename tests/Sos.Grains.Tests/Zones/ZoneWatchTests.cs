using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sos.Contracts.Geo;
using Sos.Contracts.Messaging;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Zones;

public sealed class ZoneWatchTests
{
    private static readonly Guid Ada = Guid.Parse("019a0000-0000-7000-8000-00000000ada1");
    private static readonly GeoPoint Delhi = new(28.7042, 77.1026);
    private static readonly ZoneWatchSettings Contacting = new(true, ZoneMode.NotifyContact, 1, 1, null, ImmutableDictionary<Guid, ZoneMode>.Empty);

    [Fact]
    public async Task The_contact_who_agreed_gets_the_sentence_word_for_word_and_no_other()
    {
        await using var city = await CityHost.Start();
        await Contact(city, 1, true);
        await Watch(city).Set(Contacting);
        var warning = await Watch(city).Enter([Entry(city)]);
        Assert.Equal((true, false, city.Now.AddMinutes(5)), (warning!.TellsContacts, warning.IsQuiet, warning.CooldownUntil));
        await city.Until("the contact is texted", () => Task.FromResult(Texts(city).Count == 1));
        Assert.Equal("Ada: I have entered a high-risk area. Please stay alert. Location: https://maps.google.com/?q=28.7042,77.1026", Texts(city)[0].Body);
    }

    [Fact]
    public async Task Through_twenty_kills_there_is_one_warning_and_one_text_and_after_five_minutes_the_next()
    {
        await using var city = await CityHost.Start();
        await Contact(city, 1, true);
        await Watch(city).Set(Contacting);
        Assert.NotNull(await Watch(city).Enter([Entry(city)]));
        await city.Until("the contact is texted", () => Task.FromResult(Texts(city).Count == 1));
        // A kill before that is noted would have it sent again, under the same key.
        await city.Settle();
        for (var kill = 0; kill < 20; kill++)
        {
            await city.CrashAndRestart(TimeSpan.FromSeconds(14));
            Assert.Null(await Watch(city).Enter([Entry(city)])); // of other zones, and at other times
            Assert.NotNull((await Watch(city).View()).CooldownUntil);
        }

        Assert.Single(Texts(city));
        await city.Advance(TimeSpan.FromSeconds(20));
        Assert.Null((await Watch(city).View()).CooldownUntil);
        Assert.NotNull(await Watch(city).Enter([Entry(city)]));
        await city.Until("the contact is texted again", () => Task.FromResult(Texts(city).Count == 2));
    }

    [Fact]
    public async Task A_text_that_was_decided_before_a_kill_is_sent_after_it_by_the_reminder()
    {
        var gateway = new SwitchedGateway();
        await using var city = await CityHost.Start(services => services.Replace(ServiceDescriptor.Singleton<ISmsGateway>(gateway)));
        await Contact(city, 1, true);
        await Watch(city).Set(Contacting);
        gateway.Down = true;
        await Watch(city).Enter([Entry(city)]);
        await city.Until("it was tried", () => Task.FromResult(gateway.Tries > 0));
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        gateway.Down = false;
        // Nobody calls the watch: only its reminder wakes it.
        await city.Until("it is sent", TimeSpan.FromSeconds(10), () => Task.FromResult(gateway.Sent.Count(m => m.Body.Contains("high-risk", StringComparison.Ordinal)) == 1));
    }

    [Fact]
    public async Task Three_contacts_are_texted_one_after_the_other_and_who_has_not_agreed_is_passed_over()
    {
        await using var city = await CityHost.Start();
        await Contact(city, 1, true);
        await Contact(city, 2, null);
        await Contact(city, 3, true);
        await Contact(city, 4, true);
        await Watch(city).Set(Contacting with { Contacts = 3 });
        await Watch(city).Enter([Entry(city)]);
        await city.Until("the first is texted", () => Task.FromResult(Texts(city).Count == 1));
        await city.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(Texts(city));
        await city.Within(TimeSpan.FromMinutes(3), "all are texted", () => Task.FromResult(Texts(city).Count == 3));
        Assert.Equal(["+15550000001", "+15550000003", "+15550000004"], Texts(city).Select(text => text.To));
    }

    [Fact]
    public async Task Who_stops_watching_has_nobody_texted_any_more()
    {
        await using var city = await CityHost.Start();
        await Contact(city, 1, true);
        await Contact(city, 2, true);
        await Watch(city).Set(Contacting with { Contacts = 2 });
        await Watch(city).Enter([Entry(city)]);
        await city.Until("the first is texted", () => Task.FromResult(Texts(city).Count == 1));
        await Watch(city).Set(Contacting with { Watching = false });
        for (var second = 0; second < 180; second += 5)
        {
            await city.Advance(TimeSpan.FromSeconds(5));
            await Watch(city).View();
        }

        Assert.Single(Texts(city));
        Assert.Null(await Watch(city).Enter([Entry(city)]));
    }

    [Fact]
    public async Task The_same_entry_again_is_the_same_warning_and_counts_once()
    {
        await using var city = await CityHost.Start();
        await Watch(city).Set(Contacting with { Mode = ZoneMode.NotifyOnly });
        var entry = Entry(city);
        var first = await Watch(city).Enter([entry]);
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Equal(first, await Watch(city).Enter([entry]));
        var week = Assert.Single((await Watch(city).View()).Weeks);
        Assert.Equal((new DateOnly(2026, 2, 23), 1), (week.Monday, week.ByRisk.Sum()));
        Assert.Empty(Texts(city));
    }

    [Theory]
    [InlineData(ZoneMode.NotifyOnly, 1, null, false)]
    [InlineData(ZoneMode.NotifyContact, 4, null, true)]
    [InlineData(ZoneMode.NotifyContact, 5, null, false)]
    [InlineData(ZoneMode.NotifyOnly, 1, ZoneMode.NotifyContact, true)]
    [InlineData(ZoneMode.NotifyContact, 1, ZoneMode.NotifyOnly, false)]
    public async Task Mode_risk_and_the_zones_own_mode_say_whether_a_contact_is_texted(ZoneMode mode, int fromRisk, ZoneMode? own, bool texted)
    {
        await using var city = await CityHost.Start();
        var entry = Entry(city);
        var modes = own is { } ownMode ? ImmutableDictionary<Guid, ZoneMode>.Empty.Add(entry.Zone, ownMode) : ImmutableDictionary<Guid, ZoneMode>.Empty;
        await Watch(city).Set(new ZoneWatchSettings(true, mode, fromRisk, 1, null, modes));
        Assert.Equal(texted, (await Watch(city).Enter([entry]))!.TellsContacts);
    }

    [Fact]
    public async Task In_quiet_hours_the_warning_makes_no_sound_and_nobody_is_texted()
    {
        await using var city = await CityHost.Start();
        await Contact(city, 1, true);
        await Watch(city).Set(Contacting with { Quiet = new ZoneSchedule("UTC", [new ZoneHours([DayOfWeek.Sunday], new TimeOnly(11, 0), new TimeOnly(13, 0))]) });
        var warning = await Watch(city).Enter([Entry(city)]);
        Assert.Equal((true, false), (warning!.IsQuiet, warning.TellsContacts));
        Assert.Empty(Texts(city));
    }

    [Fact]
    public async Task Who_asked_for_it_is_texted_on_Monday_how_many_zones_and_no_place_once_also_through_a_kill()
    {
        await using var city = await CityHost.Start();
        await city.Grains.GetGrain<IUserGrain>(Ada).Register(new UserRegistration("+15550000001", null, Roles.User));
        await Watch(city).Set(Contacting with { Mode = ZoneMode.NotifyOnly, WeeklySummary = true });
        await Watch(city).Enter([Entry(city)]);
        Assert.Empty(Summaries(city));

        // Sunday noon: the next Monday, eight o'clock.
        for (var hour = 0; hour < 19; hour++) await Hour(city);
        Assert.Empty(Summaries(city));

        // To the moment, and then the clock stands: a call that is under way when it jumps is one that was not answered in time.
        await city.Advance(city.Now.Date.AddHours(8) - city.Now.DateTime);
        await city.Until("the summary is sent", () => Task.FromResult(Summaries(city).Count == 1));
        Assert.Equal("Last week you came into 1 zone: 1 of risk 4.", Summaries(city)[0].Body);

        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        for (var hour = 0; hour < 3; hour++) await Hour(city);
        Assert.Single(Summaries(city));

        // A quiet week has no summary.
        for (var hour = 0; hour < 24 * 7; hour++) await Hour(city);
        Assert.Single(Summaries(city));
    }

    [Fact]
    public async Task Who_has_not_asked_for_a_summary_or_watches_no_more_gets_none()
    {
        await using var city = await CityHost.Start();
        await city.Grains.GetGrain<IUserGrain>(Ada).Register(new UserRegistration("+15550000001", null, Roles.User));
        await Watch(city).Set(Contacting with { Mode = ZoneMode.NotifyOnly, WeeklySummary = true });
        await Watch(city).Enter([Entry(city)]);
        await Watch(city).Set(Contacting with { Mode = ZoneMode.NotifyOnly, WeeklySummary = false });
        for (var hour = 0; hour < 48; hour++) await Hour(city);
        Assert.Empty(Summaries(city));
    }

    [Fact]
    public async Task She_may_have_a_contact_of_hers_who_agreed_texted_once_a_cooldown()
    {
        await using var city = await CityHost.Start();
        var (agreed, pending) = (await Contact(city, 1, true), await Contact(city, 2, null));
        Assert.Equal(ContactWarning.NotFound, (await Watch(city).NotifyContact(Guid.NewGuid(), Delhi)).Outcome);
        Assert.Equal(ContactWarning.NotAgreed, (await Watch(city).NotifyContact(pending, Delhi)).Outcome);
        var notice = await Watch(city).NotifyContact(agreed, Delhi);
        Assert.Equal((ContactWarning.Sent, city.Now.AddMinutes(5)), (notice.Outcome, notice.CooldownUntil));
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Equal(ContactWarning.TooSoon, (await Watch(city).NotifyContact(agreed, Delhi)).Outcome);
        await city.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(ContactWarning.Sent, (await Watch(city).NotifyContact(agreed, Delhi)).Outcome);
        Assert.Equal(2, Texts(city).Count);
    }

    private static IZoneWatchGrain Watch(CityHost city) => city.Grains.GetGrain<IZoneWatchGrain>(Ada);

    private static ZoneEntry Entry(CityHost city) => new(Guid.NewGuid(), "Docks", "crime", 4, city.Now, Delhi, false);

    private static List<TextMessage> Texts(CityHost city) => [.. city.Texts.Sent.Where(text => text.Body.Contains("high-risk", StringComparison.Ordinal))];

    private static List<TextMessage> Summaries(CityHost city) => [.. city.Texts.Sent.Where(text => text.Body.StartsWith("Last week", StringComparison.Ordinal))];

    /// <summary>An hour, with time in between for what comes due.</summary>
    private static async Task Hour(CityHost city)
    {
        var end = city.Now.AddHours(1);
        await city.Until("an hour has gone", TimeSpan.FromMinutes(10), () => Task.FromResult(city.Now >= end));
    }

    private static async Task<Guid> Contact(CityHost city, int number, bool? accepts)
    {
        await city.Grains.GetGrain<IUserGrain>(Ada).Register(new UserRegistration("+15550009999", null, Roles.User));
        await city.Grains.GetGrain<IUserGrain>(Ada).Update(new ProfileChange("Ada", null, null));
        var contacts = city.Grains.GetGrain<IContactsGrain>(Ada);
        var added = await contacts.Add(new ContactDraft("Grace", $"+1555000{number:0000}", null));
        if (accepts is { } answer) await contacts.Answer(added.Contact!.Id, answer);
        return added.Contact!.Id;
    }

    private sealed class SwitchedGateway : ISmsGateway
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<TextMessage> _sent = [];
        private int _tries;

        public volatile bool Down;

        public int Tries => _tries;

        public IReadOnlyCollection<TextMessage> Sent => _sent;

        public Task<bool> Send(TextMessage message, CancellationToken cancellationToken)
        {
            if (Down)
            {
                Interlocked.Increment(ref _tries);
                return Task.FromResult(false);
            }

            _sent.Enqueue(message);
            return Task.FromResult(true);
        }
    }
}
