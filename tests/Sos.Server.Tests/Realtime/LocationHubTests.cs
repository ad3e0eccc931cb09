using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Server.Tests.Alerts;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Realtime;

/// <summary>Positions in and relatives near by out, over the hub and the event stream.</summary>
public sealed class LocationHubTests(AlertCity city) : IClassFixture<AlertCity>
{
    private IGrainFactory Grains => city.Host.Services.GetRequiredService<IGrainFactory>();

    [Fact]
    public async Task A_phone_says_over_the_hub_where_it_is_and_nonsense_is_refused_without_ending_the_connection()
    {
        var person = await city.Person();
        await using var hub = await city.Connect("alerts", person);
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("updateLocation", new { latitude = 400, longitude = 0 }));
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("updateLocation", new { latitude = 1, longitude = 2, userId = Guid.NewGuid() }));
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("updateLocation", (object?)null));
        Assert.Equal("{}", (await hub.Invoke("updateLocation", new { latitude = 40.1, longitude = -75.3, accuracy = 5 }))!.Value.GetRawText());
        Assert.Equal(new GeoPoint(40.1, -75.3), (await Grains.GetGrain<IUserGrain>(person.User!.Id).LastKnown())!.Point);
    }

    [Fact]
    public async Task A_relative_near_by_reaches_the_persons_devices_and_nobody_elses()
    {
        var (person, stranger) = (await city.Person(), await city.Person());
        await using var hers = await city.Connect("alerts", person);
        await using var outsider = await city.Connect("alerts", stranger);
        foreach (var hub in new[] { hers, outsider }) await hub.Invoke("updateLocation", new { latitude = 40.1, longitude = -75.3 }); // answered once the connection is heard of everywhere
        var (relation, at) = (Guid.NewGuid(), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var alert = new ProximityAlert(relation, "Mum", NearbyMove.Entering, Distance.FromMetres(950.4), at, new GeoPoint(40.1, -75.3));
        var user = Grains.GetGrain<IUserGrain>(person.User!.Id);
        await user.Tell(alert);
        await user.Tell(alert with { Move = NearbyMove.Exiting, Point = null });
        var told = new List<JsonElement>();
        foreach (var _ in new[] { 1, 2 }) told.Add(await city.Next(hers, "proximityAlert", _ => true));
        Assert.Equal((relation, "Mum", "entering", 0.95), (told[0].GetProperty("relativeId").GetGuid(), told[0].GetProperty("relativeName").GetString(), told[0].GetProperty("move").GetString(), told[0].GetProperty("distance").GetDouble()));
        Assert.Equal((40.1, -75.3, at), (told[0].GetProperty("latitude").GetDouble(), told[0].GetProperty("longitude").GetDouble(), told[0].GetProperty("timestamp").GetDateTimeOffset()));
        Assert.Equal("exiting", told[1].GetProperty("move").GetString());
        Assert.False(told[1].TryGetProperty("latitude", out _));
        Assert.False(outsider.Messages.TryRead(out _));
    }
}
