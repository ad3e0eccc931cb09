using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Relatives;

/// <summary>From what two people have agreed to what their positions tell them.</summary>
public sealed class MeetingTests
{
    [Fact]
    public async Task After_a_crash_a_first_report_knows_what_was_agreed_and_the_other_has_her_record_without_a_report_of_hers()
    {
        await using var city = await RelativesCity.Start();
        var (ann, ben) = await Couple(city);
        await city.City.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.Empty(await Report(city, ann, 0));
        Assert.Equal((ann, NearbyMove.Entering), (Assert.Single(await Report(city, ben, 500)) is var change ? change.Relative : default, change.Move));
        await city.City.Until("she has her record", async () => !(await city.History(ann).Encounters()).IsEmpty);
        var record = Assert.Single(await city.History(ann).Encounters());
        Assert.Equal((NearbyMove.Entering, 500, (await city.With(ann, ben))!.Id), (record.Move, record.Metres, record.Relation));
        Assert.Empty(await Report(city, ann, 0));
    }

    [Fact]
    public async Task Who_hides_is_met_by_nobody_when_it_is_answered()
    {
        await using var city = await RelativesCity.Start();
        var (ann, ben) = await Couple(city);
        await Report(city, ann, 0);
        await city.Hide(ann, ben);
        Assert.Empty(await Report(city, ben, 100));
        await city.Show(ann, ben);
        Assert.Equal(ben, Assert.Single(await Report(city, ann, 0)).Relative);
        await city.City.Until("he has his record", async () => !(await city.History(ben).Encounters()).IsEmpty);
    }

    [Fact]
    public async Task A_meeting_after_a_silence_of_more_than_half_an_hour_is_a_record_of_its_own()
    {
        await using var city = await RelativesCity.Start();
        var (ann, ben) = await Couple(city);
        for (var day = 1; day <= 2; day++)
        {
            await Report(city, ann, 0);
            await city.Of(ben).Noted([.. await Report(city, ben, 100)]);
            Assert.Equal(day, (await city.History(ben).Encounters()).Length);
            await city.City.Until("an hour has passed", TimeSpan.FromMinutes(1), () => Task.FromResult(city.City.Now.Hour == 12 + day));
        }
    }

    private static async Task<(Guid Ann, Guid Ben)> Couple(RelativesCity city)
    {
        var ((ann, _), (ben, bens)) = (await city.Person("Ann"), await city.Person("Ben"));
        await city.Relate(ann, ben, bens);
        await city.Show(ann, ben);
        await city.Show(ben, ann);
        return (ann, ben);
    }

    private static async Task<IReadOnlyList<NearbyChange>> Report(RelativesCity city, Guid person, double metres)
    {
        var changes = (await city.User(person).Report([new PositionReport(CityHost.Square.Travel(90, Distance.FromMetres(metres)), Distance.FromMetres(10), city.City.Now)])).Changes;
        await city.User(person).Noted(changes);
        return changes;
    }
}
