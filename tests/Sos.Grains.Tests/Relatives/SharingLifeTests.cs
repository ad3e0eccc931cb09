using Sos.Contracts.Geo;
using Sos.Contracts.Privacy;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Relatives;

/// <summary>To whom somebody is shown: what ends it, when, and that the other one cannot tell why.</summary>
public sealed class SharingLifeTests
{
    [Fact]
    public async Task Sharing_ends_by_itself_at_the_second_that_was_said_and_after_thirty_days_where_none_was()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben, until: all.City.Now.AddHours(2));
        await all.Show(ben, ann);
        await all.City.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.True(await all.Shows(ann, ben));
        await all.City.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await all.Shows(ann, ben));
        await all.City.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.True(await all.Shows(ben, ann));
        await all.City.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await all.Shows(ben, ann));
    }

    [Fact]
    public async Task A_block_ends_what_is_shared_both_ways_before_it_is_answered_and_lifting_it_brings_it_back()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben);
        await all.Show(ben, ann);
        var version = (await all.Of(ann).Policy()).Version;
        var block = (await all.City.Grains.GetGrain<IBlocksGrain>(ann).Add(new BlockDraft(ben))).Block!;
        Assert.False(await all.Shows(ann, ben) || await all.Shows(ben, ann));
        Assert.True((await all.Of(ann).Policy()).Version > version);
        await all.City.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.False(await all.Shows(ann, ben) || await all.Shows(ben, ann));
        await all.City.Grains.GetGrain<IBlocksGrain>(ann).Remove(block.Id);
        await all.City.Until("both are shown again", async () => await all.Shows(ann, ben) && await all.Shows(ben, ann));
    }

    [Fact]
    public async Task A_block_of_the_number_of_a_relative_ends_it_before_the_answer_too()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        await all.Show(ann, ben);
        await all.Show(ben, ann);
        await all.City.Grains.GetGrain<IBlocksGrain>(ann).Add(new BlockDraft(null, bens, RelativesCity.KeyOf(bens)));
        Assert.False(await all.Shows(ann, ben) || await all.Shows(ben, ann));
    }

    [Fact]
    public async Task Who_is_found_to_be_under_age_is_shown_to_nobody_from_then_on()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben);
        await all.City.Grains.GetGrain<IContactsGrain>(ann).AnswerAge(false);
        await all.Of(ann).Refresh();
        Assert.False(await all.Shows(ann, ben));
    }

    [Theory]
    [InlineData("off")]
    [InlineData("master")]
    [InlineData("paused")]
    [InlineData("blocked")]
    [InlineData("silent")]
    public async Task Whoever_stops_is_seen_where_she_was_seen_last_until_that_is_too_old_like_somebody_without_a_signal(string how)
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben);
        await all.Report(ann, CityHost.Square);
        var seen = await all.Of(ann).Look(ben);
        Assert.Equal(CityHost.Square, seen!.Fix.Point);

        await Stop(all, ann, ben, how);
        await all.City.Advance(TimeSpan.FromMinutes(1));
        // Where she goes now is not shown, and a phone without a signal says nothing either.
        if (how != "silent") await all.Report(ann, CityHost.Square.Travel(90, Distance.FromMetres(300)));
        Assert.Equal(seen, await all.Of(ann).Look(ben));
        // Past the half hour: at it she may still be seen, or her grain's memory be gone.
        await all.City.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(await all.Of(ann).Look(ben));
        Assert.Single(await all.History(ann).Looks());
    }

    [Fact]
    public async Task A_place_shown_to_a_kilometre_is_the_same_wherever_in_the_square_she_is_and_says_no_accuracy()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben, SharePrecision.Approximate);
        var places = new HashSet<GeoPoint>();
        for (var metres = 0; metres < 100; metres += 10)
        {
            await all.City.Advance(TimeSpan.FromSeconds(30));
            await all.Report(ann, new GeoPoint(48.205, 16.375).Travel(0, Distance.FromMetres(metres)));
            var shown = (await all.Of(ann).Look(ben))!;
            Assert.Null(shown.Fix.Accuracy);
            Assert.InRange(shown.Fix.Point.DistanceTo(new GeoPoint(48.205, 16.375)).Metres, 0, 1_000);
            places.Add(shown.Fix.Point);
        }

        Assert.Single(places);
    }

    [Fact]
    public async Task Every_look_is_on_disk_before_it_is_answered_at_most_once_in_ten_minutes()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben);
        for (var second = 0; second < 1_200; second += 60)
        {
            await all.Report(ann, CityHost.Square.Travel(90, Distance.FromMetres(second)));
            Assert.NotNull(await all.Of(ann).Look(ben));
            await all.City.Advance(TimeSpan.FromMinutes(1));
        }

        await all.City.CrashAndRestart(TimeSpan.FromSeconds(1));
        var looks = await all.History(ann).Looks();
        Assert.Equal(2, looks.Length);
        Assert.All(looks, look => Assert.Equal("Ben", look.Name));
        Assert.Null(await all.Of(ann).Look(Guid.NewGuid()));
    }

    [Fact]
    public async Task Who_shows_herself_is_reminded_once_a_month_and_who_does_not_never()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben, until: all.City.Now.AddDays(200));
        var texts = all.City.Texts.Sent.Count;
        var reminded = new List<int>();
        for (var day = 1; day < 195 && reminded.Count < 2; day++)
        {
            await all.City.Advance(TimeSpan.FromDays(1));
            for (var round = 0; round < 3; round++)
            {
                // What the day has begun comes to its end before the next jump.
                await all.Of(ann).List();
                await all.Of(ben).List();
                await all.City.Advance(TimeSpan.Zero);
            }

            if (Reminders(all).Count > reminded.Count) reminded.Add(day);
        }

        // The day is the rules' (RelativeRulesTests). What is under way when the clock jumps a day may be lost by it as by a kill: then the month after has the next, and no two come in one.
        Assert.Equal(2, reminded.Count);
        Assert.InRange(reminded[1] - reminded[0], 28, 195);
        Assert.All(Reminders(all), text => Assert.Equal((all.User(ann).Profile().Result!.Phone, "You are showing somebody where you are. Open the app to see to whom, or to stop."), (text.To, text.Body)));
        Assert.Equal(texts + 2, all.City.Texts.Sent.Count);
    }

    [Fact]
    public async Task What_both_have_said_here_is_what_their_positions_go_by()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben);
        await all.Report(ben, CityHost.Square);
        Assert.Empty((await Reported(all, ann)).Changes);
        await all.Show(ben, ann);
        Assert.Equal(ann, (await Reported(all, ben)).Changes.Single().Relative);
    }

    [Fact]
    public async Task When_an_account_ends_its_relations_end_too_and_nothing_of_them_is_left()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        await all.Show(ann, ben);
        await all.Show(ben, ann);
        await all.Report(ann, CityHost.Square);
        await all.Of(ann).Look(ben);
        await all.City.Grains.GetGrain<IAccountDeletionGrain>(ann).Ask([]);
        await all.City.Advance(TimeSpan.FromDays(7));
        await all.City.Until("she is gone", TimeSpan.FromMinutes(1), async () => (await all.Of(ben).List()).Relatives.Single().State == RelationState.Ended);
        await all.City.Until("her side is gone", TimeSpan.FromMinutes(1), async () => (await all.Of(ann).List()).Relatives.IsEmpty && (await all.History(ann).Looks()).IsEmpty);
        Assert.False(await all.Shows(ben, ann));
    }

    private static List<Sos.Contracts.Messaging.TextMessage> Reminders(RelativesCity all) => [.. all.City.Texts.Sent.Where(text => text.Body.StartsWith("You are showing", StringComparison.Ordinal))];

    private static async Task<Sos.Contracts.Zones.PositionOutcome> Reported(RelativesCity all, Guid person)
    {
        await all.City.Advance(TimeSpan.FromSeconds(5));
        return await all.User(person).Report([new Sos.Contracts.Responders.PositionReport(CityHost.Square.Travel(90, Distance.FromMetres(200)), Distance.FromMetres(10), all.City.Now)]);
    }

    private static async Task Stop(RelativesCity all, Guid ann, Guid ben, string how)
    {
        switch (how)
        {
            case "off": await all.Hide(ann, ben); break;
            case "master": await all.Of(ann).Toggle(false); break;
            case "paused": await all.Of(ann).Change((await all.With(ann, ben))!.Id, new RelativeChange(null, null, true)); break;
            case "blocked": await all.City.Grains.GetGrain<IBlocksGrain>(ann).Add(new BlockDraft(ben)); break;
        }
    }

    private static async Task<(Guid Ann, Guid Ben)> Related(RelativesCity all)
    {
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        return (ann, ben);
    }
}
