using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Tests.City;
using Sos.Grains.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Tests.Zones;

public sealed class ZoneGrainTests
{
    private static readonly GeoPoint Docks = new(48.2082, 16.3738);

    [Fact]
    public void A_shape_comes_out_of_its_packing_as_it_went_in_and_small()
    {
        var random = new Random(21);
        for (var i = 0; i < 200; i++)
        {
            var drawn = Drawings.Star(random, Drawings.Somewhere(random), 2_000, 200, hole: true).Polygons[0].Rings.Select(ring => (IReadOnlyList<GeoPoint>)[.. ring, ring[0]]).ToList();
            Assert.Equal(ShapeFault.None, ShapeRules.Polygons([drawn], out var shape, out _));
            var packed = PackedShape.Pack(shape!);
            var back = PackedShape.Unpack(packed);
            Assert.Equal(shape!.Polygons.SelectMany(p => p.Rings).SelectMany(r => r), back.Polygons.SelectMany(p => p.Rings).SelectMany(r => r));
            Assert.True(packed.Length < 12 * shape.Points + 64, $"{packed.Length} characters for {shape.Points} points");
        }

        var street = ZoneShape.Corridor([Docks, new GeoPoint(-89.9999999, -180)], Distance.FromMetres(12.5));
        Assert.Equal((street.Form, street.Radius), (PackedShape.Unpack(PackedShape.Pack(street)).Form, PackedShape.Unpack(PackedShape.Pack(street)).Radius));
        Assert.Equal(street.Path, PackedShape.Unpack(PackedShape.Pack(street)).Path);
    }

    [Fact]
    public async Task A_zone_is_listed_where_it_lies_survives_a_crash_and_moves()
    {
        await using var city = await CityHost.Start();
        var (id, zone) = await Zone(city, Circle(Docks, 300));
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Equal(["Docks"], await Names(city, Docks));
        var far = Docks.Travel(90, Distance.FromKilometres(200));
        Assert.Equal(2, (await city.Grains.GetGrain<IZoneGrain>(id).Change(Circle(far, 300))).Zone!.Version);
        Assert.Empty(await Names(city, Docks));
        Assert.Equal(["Docks"], await Names(city, far));
        Assert.True(await city.Grains.GetGrain<IZoneGrain>(id).Remove());
        Assert.False(await city.Grains.GetGrain<IZoneGrain>(id).Remove());
        Assert.Empty(await Names(city, far));
        Assert.Equal(ZoneRefusal.NotFound, (await city.Grains.GetGrain<IZoneGrain>(id).Change(Circle(far, 300))).Refusal);
        Assert.Null(await city.Grains.GetGrain<IZoneGrain>(id).Read());
        Assert.Equal(1, zone.Version);
    }

    [Fact]
    public async Task Zones_of_every_size_are_found_from_every_cell_that_they_touch_over_the_antimeridian_too()
    {
        await using var city = await CityHost.Start();
        var edge = new GeoPoint(-17, 179.999);
        foreach (var metres in new[] { 50.0, 5_000, 80_000, 499_000 }) await Zone(city, Circle(edge, metres) with { Name = $"{metres}" });
        Assert.Equal(4, (await Names(city, edge)).Count);
        Assert.Equal(2, (await Names(city, new GeoPoint(-17, -179.5))).Count);
        Assert.Equal(["499000"], await Names(city, new GeoPoint(-14, 178)));
        Assert.Empty(await Names(city, Docks));
        Assert.Null(await Listing(city).Page(new GeoBounds(-90, -180, 90, 180), null, 10) is { } page ? page.Next : Guid.Empty);
    }

    [Fact]
    public async Task A_zone_goes_when_its_time_is_over_and_counts_no_longer_from_that_moment()
    {
        await using var city = await CityHost.Start();
        var expires = city.Now.AddMinutes(30);
        var (id, _) = await Zone(city, Circle(Docks, 300) with { Expires = expires });
        Assert.True(new MapZone(id, Circle(Docks, 300) with { Expires = expires }).CountsAt(expires.AddTicks(-1)));
        await city.CrashAndRestart(TimeSpan.FromMinutes(1));
        await city.Until("the zone is gone", TimeSpan.FromMinutes(1), async () => await city.Grains.GetGrain<IZoneGrain>(id).Read() is null);
        Assert.True(city.Now >= expires);
        Assert.Empty(await Names(city, Docks));
        Assert.Empty((await city.Services.GetRequiredService<IReminderTable>().ReadRows(city.Grains.GetGrain<IZoneGrain>(id).GetGrainId())).Reminders);
    }

    [Fact]
    public async Task A_full_cell_refuses_one_more_and_names_why()
    {
        await using var city = await CityHost.Start();
        var made = await Listing(city).Make([.. Enumerable.Range(0, ZoneCells.MostZones).Select(_ => (Guid.CreateVersion7(city.Now), Circle(Docks, 20)))]);
        Assert.All(made, outcome => Assert.Equal(ZoneRefusal.None, outcome.Refusal));
        Assert.Equal(ZoneRefusal.CellFull, (await city.Grains.GetGrain<IZoneGrain>(Guid.CreateVersion7()).Put(Circle(Docks, 20))).Refusal);
    }

    [Fact]
    public async Task Who_watches_is_told_what_she_comes_into_until_it_is_noted_and_who_does_not_is_not()
    {
        await using var city = await CityHost.Start();
        await Zone(city, Circle(Docks, 300));
        var (ada, eve) = (await Person(city), await Person(city));
        Assert.True(await ada.WatchZones(true));
        Assert.Empty(await Walk(city, ada, 1_000));
        Assert.Empty(await Walk(city, eve, 1_000));
        var entry = Assert.Single(await Walk(city, ada, 0));
        Assert.Equal(("Docks", 4, false), (entry.Name, entry.Risk, entry.Crossed));
        Assert.Equal(entry, Assert.Single(await Walk(city, ada, 10)));
        await ada.Noted([entry]);
        Assert.Empty(await Walk(city, ada, 20));
        Assert.Empty(await Walk(city, eve, 0));

        await ada.WatchZones(false);
        await Walk(city, ada, 1_000);
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Empty(await Walk(city, city.Grains.GetGrain<IUserGrain>(ada.GetPrimaryKey()), 0));
        Assert.False(await city.Grains.GetGrain<IUserGrain>(Guid.NewGuid()).WatchZones(true));
    }

    [Fact]
    public async Task A_batch_after_an_outage_is_taken_in_order_and_warns_of_nothing_that_is_over()
    {
        await using var city = await CityHost.Start();
        await Zone(city, Circle(Docks, 300));
        var ada = await Person(city);
        await ada.WatchZones(true);
        PositionReport At(double metres, int secondsAgo) => new(Docks.Travel(90, Distance.FromMetres(metres)), null, city.Now.AddSeconds(-secondsAgo));
        var outcome = await ada.Report([At(20, 600), At(1_000, 900), At(0, 590), At(1_100, 300), At(1_200, 290)]);
        Assert.Equal((ReportOutcome.Accepted, 0), (outcome.Outcome, outcome.Entries.Length));
        Assert.Single((await ada.Report([At(1_200, 5), At(0, 1)])).Entries);
        Assert.Equal(ReportOutcome.Outdated, (await ada.Report([At(0, 100)])).Outcome);
    }

    [Fact]
    public async Task A_new_zone_is_noticed_within_the_refresh_and_a_removed_one_too()
    {
        await using var city = await CityHost.Start();
        var ada = await Person(city);
        await ada.WatchZones(true);
        await Walk(city, ada, 0);
        var (id, _) = await Zone(city, Circle(Docks, 300));
        await city.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(await Walk(city, ada, 0));
        await city.Grains.GetGrain<IZoneGrain>(id).Remove();
        await city.Advance(TimeSpan.FromSeconds(10));
        await ada.Noted((await ada.Report([])).Entries);
        Assert.Empty(await Walk(city, ada, 0));
        await Zone(city, Circle(Docks, 250) with { Name = "New" });
        await city.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("New", Assert.Single(await Walk(city, ada, 0)).Name);
    }

    [Fact]
    public async Task What_a_kill_between_two_writes_leaves_in_a_list_is_taken_off_it_by_who_comes_by_and_nothing_else_is()
    {
        await using var city = await CityHost.Start();
        var (here, elsewhere) = (GeocellId.Of(Docks, ZoneCells.Finest).ToString(), new GeoPoint(50, 20));
        var (real, _) = await Zone(city, Circle(Docks, 300));
        var (moved, _) = await Zone(city, Circle(elsewhere, 300));
        var list = city.Grains.GetGrain<IZoneIndexGrain>(here);

        // One was listed and never stored; one lay here once and was not taken off.
        var stray = Guid.CreateVersion7();
        await list.Add([new ListedZone(stray, 1), new ListedZone(moved, 1)]);
        Assert.Equal(3, (await list.Read(-1))!.Zones.Length);
        var ada = await Person(city);
        await ada.WatchZones(true);
        await city.Until("the list is straight", TimeSpan.FromSeconds(10), async () =>
        {
            await Walk(city, ada, 0);
            return (await list.Read(-1))!.Zones.Length == 1;
        });
        Assert.Equal(real, (await list.Read(-1))!.Zones[0].Id);
        Assert.Equal(["Docks"], await Names(city, elsewhere));
    }

    private static ZoneDraft Circle(GeoPoint middle, double metres) => new("Docks", "crime", 4, ZoneShape.Circle(middle, Distance.FromMetres(metres)), ZoneSource.Drawn);

    private static ZoneListing Listing(CityHost city) => city.Services.GetRequiredService<ZoneListing>();

    private static async Task<(Guid Id, Zone Zone)> Zone(CityHost city, ZoneDraft draft)
    {
        var id = Guid.CreateVersion7(city.Now);
        return (id, (await city.Grains.GetGrain<IZoneGrain>(id).Put(draft)).Zone!);
    }

    private static async Task<List<string>> Names(CityHost city, GeoPoint at) =>
        [.. (await Listing(city).Page(new GeoBounds(at.Latitude, at.Longitude, at.Latitude, at.Longitude), null, 100))!.Zones.Select(zone => zone.Draft.Name)];

    private static async Task<IUserGrain> Person(CityHost city)
    {
        var person = city.Grains.GetGrain<IUserGrain>(Guid.CreateVersion7());
        await person.Register(new UserRegistration("+49301234567", null, Roles.User));
        return person;
    }

    private static async Task<IReadOnlyList<ZoneEntry>> Walk(CityHost city, IUserGrain person, double metres)
    {
        await city.Advance(TimeSpan.FromSeconds(15));
        return (await person.Report([new PositionReport(Docks.Travel(90, Distance.FromMetres(metres)), null, city.Now)])).Entries;
    }
}
