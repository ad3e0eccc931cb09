using System.Text.Json;
using Sos.Contracts.Geo;
using Sos.Server.Demo;

namespace Sos.Server.Tests.Demo;

public sealed class DemoCityTests
{
    private static readonly double[] Share = [0.1, 0.5, 0.9];

    [Fact]
    public void The_same_seed_draws_the_same_city_and_another_seed_another()
    {
        var first = CityGeoJson.Write(CityPlanner.Draw(3));
        Assert.Equal(first, CityGeoJson.Write(CityPlanner.Draw(3)));
        Assert.NotEqual(first, CityGeoJson.Write(CityPlanner.Draw(4)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(2026)]
    public void Streets_lie_on_land_and_none_runs_through_the_river_or_a_park(int seed)
    {
        var city = CityPlanner.Draw(seed);
        Assert.InRange(city.Streets.Length, 300, 3000);
        foreach (var place in city.Streets.SelectMany(street => Share.Select(street.At)))
        {
            Assert.True(PlanGeometry.Contains(city.Coast, place), $"{place} lies in the sea");
            Assert.False(PlanGeometry.Contains(city.River, place), $"{place} lies in the river");
            Assert.DoesNotContain(city.Parks, park => PlanGeometry.Contains(park, place));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(2026)]
    public void Districts_cover_the_island_without_overlap(int seed)
    {
        var city = CityPlanner.Draw(seed);
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var place = PlanPoint.Polar(random.NextDouble() * Math.Tau, 3000 * Math.Sqrt(random.NextDouble()));
            Assert.Single(city.Districts, district => PlanGeometry.Contains(district.Outline, place));
        }
    }

    [Fact]
    public void Rings_are_closed_and_longitude_comes_first_as_GeoJSON_asks()
    {
        using var json = JsonDocument.Parse(CityGeoJson.Write(CityPlanner.Draw(3)));
        foreach (var feature in json.RootElement.GetProperty("features").EnumerateArray())
        {
            var geometry = feature.GetProperty("geometry");
            if (geometry.GetProperty("type").GetString() != "Polygon") continue;
            var ring = geometry.GetProperty("coordinates")[0];
            Assert.Equal(ring[0].GetRawText(), ring[ring.GetArrayLength() - 1].GetRawText());
            Assert.InRange(ring[0][0].GetDouble(), DemoCity.Centre.Longitude - 0.1, DemoCity.Centre.Longitude + 0.1);
        }
    }

    [Fact]
    public void Somebody_near_is_near()
    {
        var city = CityPlanner.Draw(3);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var place = city.SomewhereOnAStreet(random, Distance.FromMetres(500));
            // A street counts by its middle and may reach a little further.
            Assert.InRange(place.DistanceTo(DemoCity.Centre).Metres, 0, 2000);
        }
    }
}
