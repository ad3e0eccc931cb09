using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Tests.City;
using Sos.Grains.Zones.Cap;

namespace Sos.Grains.Tests.Zones.Cap;

public sealed class CapPublicationTests
{
    private static readonly CapMark Mark = new(CapCategory.Safety, false, null);

    [Fact]
    public async Task What_becomes_of_a_zone_is_told_by_updates_and_a_cancellation_that_name_all_before_them()
    {
        await using var city = await Start();
        var (id, zone) = await Zone(city);
        var alert = (await Publication(city, id).Publish(Mark, zone))!;
        Assert.Equal((CapMessageType.Alert, $"{id:N}.1", 0), (alert.Type, alert.Name.Identifier, alert.References.Length));
        Assert.Equal(alert.Name, (await Publication(city, id).Publish(Mark, zone))!.Name);
        Assert.Equal(alert.Name, (await Publication(city, id).Follow(zone))!.Name);

        var changed = (await city.Grains.GetGrain<IZoneGrain>(id).Change(zone.Draft with { Risk = 5 })).Zone!;
        var update = (await Publication(city, id).Follow(changed))!;
        Assert.Equal((CapMessageType.Update, $"{id:N}.2", 2L), (update.Type, update.Name.Identifier, update.ZoneVersion));
        Assert.Equal([alert.Name], update.References);
        Assert.True(update.Name.Sent > alert.Name.Sent, "Two messages are of one time.");

        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        await city.Grains.GetGrain<IZoneGrain>(id).Remove();
        var end = (await Publication(city, id).Follow(null))!;
        Assert.Equal(CapMessageType.Cancel, end.Type);
        Assert.Equal([alert.Name, update.Name], end.References);
        Assert.Equal(end.Name, (await Publication(city, id).Follow(null))!.Name);
        await city.Advance(TimeSpan.FromHours(25));
        Assert.Null(await Publication(city, id).Follow(null));
        Assert.Null(await Publication(city, id).Read());
        Assert.Empty(await city.Grains.GetGrain<ICapIndexGrain>(CapKeys.Published).List());
    }

    [Fact]
    public async Task A_zone_whose_time_is_over_needs_no_cancellation_and_one_without_end_is_published_again_and_again()
    {
        await using var city = await Start();
        var (id, zone) = await Zone(city, city.Now.AddHours(2));
        Assert.Equal(zone.Draft.Expires!.Value.ToUnixTimeSeconds(), (await Publication(city, id).Publish(Mark, zone))!.Expires!.Value.ToUnixTimeSeconds());
        var (other, endless) = await Zone(city);
        Assert.Equal(7, Math.Round(((await Publication(city, other).Publish(Mark, endless))!.Expires!.Value - city.Now).TotalDays));
        await city.Advance(TimeSpan.FromHours(3));
        Assert.Null(await Publication(city, id).Follow(null));
        await city.Advance(TimeSpan.FromDays(4));
        var again = (await Publication(city, other).Follow(endless))!;
        Assert.Equal((CapMessageType.Update, 7.0), (again.Type, Math.Round((again.Expires!.Value - city.Now).TotalDays)));
    }

    [Fact]
    public async Task A_drill_does_not_become_true_until_it_is_withdrawn()
    {
        await using var city = await Start();
        var (id, zone) = await Zone(city);
        await Publication(city, id).Publish(Mark with { IsExercise = true }, zone);
        Assert.Null(await Publication(city, id).Publish(Mark, zone));
        await Publication(city, id).Withdraw();
        Assert.Equal(CapMessageType.Cancel, (await Publication(city, id).Read())!.Type);
        var alert = (await Publication(city, id).Publish(Mark, zone))!;
        Assert.Equal((CapMessageType.Alert, $"{id:N}.3", 0), (alert.Type, alert.Name.Identifier, alert.References.Length));
    }

    [Fact]
    public async Task A_zone_that_gets_hours_of_the_week_can_be_said_no_longer()
    {
        await using var city = await Start();
        var (id, zone) = await Zone(city);
        await Publication(city, id).Publish(Mark, zone);
        var nights = zone with { Draft = zone.Draft with { Schedule = new ZoneSchedule("Europe/Vienna", [new ZoneHours([DayOfWeek.Friday], new TimeOnly(22, 0), new TimeOnly(4, 0))]) }, Version = 2 };
        Assert.Equal(CapMessageType.Cancel, (await Publication(city, id).Follow(nights))!.Type);
        Assert.NotNull(CapPublicationRules.Obstacle(zone.Draft with { Source = ZoneSource.Cap }, city.Now));
    }

    [Fact]
    public async Task Nothing_is_published_that_nobody_has_marked()
    {
        await using var city = await Start();
        var (id, _) = await Zone(city);
        var bulletin = city.Services.GetRequiredService<CapBulletin>();
        Assert.Null(await bulletin.Message(id));
        Assert.DoesNotContain("entry", System.Text.Encoding.UTF8.GetString(await bulletin.Feed("/cap/", CancellationToken.None)), StringComparison.Ordinal);
        await Publication(city, id).Withdraw();
        Assert.Null(await Publication(city, id).Read());
    }

    private static Task<CityHost> Start() => CityHost.Start(static services => services.Configure<CapOptions>(static options => options.Sender = "warn@city.example"));

    private static ICapPublicationGrain Publication(CityHost city, Guid id) => city.Grains.GetGrain<ICapPublicationGrain>(id);

    private static async Task<(Guid Id, Zone Zone)> Zone(CityHost city, DateTimeOffset? expires = null)
    {
        var id = Guid.CreateVersion7(city.Now);
        return (id, (await city.Grains.GetGrain<IZoneGrain>(id).Put(new ZoneDraft("Docks", "crime", 4, ZoneShape.Circle(CityHost.Square, Distance.FromMetres(300)), ZoneSource.Drawn, null, expires))).Zone!);
    }
}
