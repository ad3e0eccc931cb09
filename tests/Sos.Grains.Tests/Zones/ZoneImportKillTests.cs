using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Tests.City;
using Sos.Grains.Zones;
using Sos.Grains.Zones.GeoJson;

namespace Sos.Grains.Tests.Zones;

/// <summary>An import under a key is killed at each of its writes and sent again: no zone is missing, and none is there twice.</summary>
public sealed class ZoneImportKillTests
{
    // Two of one drawing in one cell, one in another.
    private const string File = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"name":"A","radiusMeters":100},"geometry":{"type":"Point","coordinates":[16.37,48.21]}},
        {"type":"Feature","properties":{"name":"A","radiusMeters":100},"geometry":{"type":"Point","coordinates":[16.37,48.21]}},
        {"type":"Feature","properties":{"name":"B","radiusMeters":300},"geometry":{"type":"Point","coordinates":[16.30,48.16]}}]}
        """;

    private static readonly Guid Key = Guid.Parse("019a0000-0000-7000-8000-0000000000c4");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_that_is_killed_at_any_of_its_writes_and_sent_again_makes_each_zone_once(bool afterTheWrite)
    {
        for (var n = 1; ; n++)
        {
            var guillotine = new Guillotine();
            await using var city = await CityHost.Start(guillotine.Guard);
            guillotine.KillAt(n, afterTheWrite);
            var killed = false;
            try
            {
                await Import(city);
            }
            catch (Exception)
            {
                // Whatever the grains make of a disk that is gone.
                killed = true;
            }

            killed |= guillotine.HasFallen;
            guillotine.Lift();
            if (killed) await city.CrashAndRestart(TimeSpan.FromSeconds(1));
            var ids = await Import(city);
            Assert.Equal(ids.Order(), (await Listing(city).Page(new GeoBounds(40, 0, 55, 20), null, 100))!.Zones.Select(zone => zone.Id));
            if (killed) await city.CrashAndRestart(TimeSpan.FromSeconds(1));
            Assert.Equal(ids.Order(), (await Listing(city).Page(new GeoBounds(40, 0, 55, 20), null, 100))!.Zones.Select(zone => zone.Id));
            if (!killed)
            {
                // Two lists and those above, and three zones: at least.
                Assert.InRange(n, 7, 40);
                break;
            }
        }
    }

    private static async Task<List<Guid>> Import(CityHost city)
    {
        var zones = new List<(Guid Id, ZoneDraft Draft)>();
        await foreach (var item in ZoneGeoJsonReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(File)), new ZoneFileLimits())) zones.Add((ZoneListing.IdOf(Key, item.Feature, item.Draft!), item.Draft!));
        Assert.All(await Listing(city).Make(zones, keep: true), outcome => Assert.Equal(ZoneRefusal.None, outcome.Refusal));
        return [.. zones.Select(zone => zone.Id)];
    }

    private static ZoneListing Listing(CityHost city) => city.Services.GetRequiredService<ZoneListing>();
}
