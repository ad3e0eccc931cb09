using System.Text.Json;
using Sos.Contracts.Zones;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Trackers;

/// <summary>Zones among the phone's own geofences, and what it says of them.</summary>
public sealed class ZoneWaypointTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _admin = null!;
    private SessionAnswer _ada = null!;
    private Device _phone = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        _admin = await _server.Bootstrap();
        _ada = await _server.SignIn(1);
        _phone = await Device.Add(_server, _ada, "owntracks");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Who_watches_gets_the_zones_near_her_once_and_again_when_they_change_or_she_has_moved_far()
    {
        var near = await Draw(48.21, 16.37, 300, "Docks");
        await Draw(48.9, 16.37, 300, "Far away");
        Assert.Empty(await At(48.2, 16.37));
        await Watch();
        await Wait(TimeSpan.FromMinutes(11));
        var told = Assert.Single(await At(48.2, 16.37));
        Assert.Equal(("cmd", "setWaypoints", "waypoints"), (told.GetProperty("_type").GetString(), told.GetProperty("action").GetString(), told.GetProperty("waypoints").GetProperty("_type").GetString()));
        var waypoint = Assert.Single(told.GetProperty("waypoints").GetProperty("waypoints").EnumerateArray());
        Assert.Equal(("waypoint", "Docks", 48.21, 16.37, 300.0, ZoneMarks.Of(near)), (waypoint.GetProperty("_type").GetString(), waypoint.GetProperty("desc").GetString(),
            waypoint.GetProperty("lat").GetDouble(), waypoint.GetProperty("lon").GetDouble(), waypoint.GetProperty("rad").GetDouble(), waypoint.GetProperty("tst").GetInt64()));

        // The same again: nothing, also after a while.
        Assert.Empty(await At(48.2001, 16.37));
        await Wait(TimeSpan.FromMinutes(11));
        Assert.Empty(await At(48.2002, 16.37));

        // One more is told after a while, and at once to who has moved far; what is far now is taken away where the phone can do that.
        await Draw(48.19, 16.37, 100, "Docks");
        Assert.Empty(await At(48.2003, 16.37));
        await Wait(TimeSpan.FromMinutes(11));
        Assert.Equal(2, Names(Assert.Single(await At(48.2, 16.37))).Distinct().Count(name => name.StartsWith("Docks (", StringComparison.Ordinal)));
        await Wait(TimeSpan.FromMinutes(9));
        var moved = Assert.Single(await At(48.9, 16.37, "OwnTracks/18.0 CFNetwork/1410 Darwin/22.6"));
        Assert.Equal((3, 2), (Names(moved).Count, moved.GetProperty("waypoints").GetProperty("waypoints").EnumerateArray().Count(one => one.GetProperty("lat").GetDouble() == -1000)));
    }

    [Fact]
    public async Task The_nearest_sixteen_are_told_and_the_circle_around_what_is_none()
    {
        await Watch();
        await Json(await Send(_admin, HttpMethod.Post, "zones", """{"type":"Feature","properties":{"name":"Square"},"geometry":{"type":"Polygon","coordinates":[[[16.37,48.2],[16.38,48.2],[16.38,48.21],[16.37,48.21],[16.37,48.2]]]}}"""), 201);
        for (var i = 0; i < 18; i++) await Draw(48.22 + i * 0.005, 16.37, 60, $"Z{i}");
        var told = Assert.Single(await At(48.195, 16.37));
        Assert.Equal(Enumerable.Range(0, 15).Select(i => $"Z{i}").Prepend("Square"), Names(told));
        var square = told.GetProperty("waypoints").GetProperty("waypoints")[0];
        Assert.Equal((48.205, 16.375), (square.GetProperty("lat").GetDouble(), square.GetProperty("lon").GetDouble()));
        Assert.InRange(square.GetProperty("rad").GetDouble(), 660, 675);
    }

    [Fact]
    public async Task A_phone_that_says_that_it_has_come_into_a_zone_is_believed_once_and_not_again_by_the_services_own_look()
    {
        var zone = await Draw(48.2, 16.37, 300, "Docks");
        await Watch();
        await At(48.19, 16.37);
        await Wait(TimeSpan.FromMinutes(1));

        // At the edge, where one fix alone says nothing; and far from it, where the phone cannot be right.
        await Enter(zone, 48.25, 16.37, 20);
        Assert.Equal(0, await Entries());
        await Wait(TimeSpan.FromMinutes(1));
        await Enter(zone, 48.20275, 16.37, 65);
        Assert.Equal(1, await Entries());
        await Enter(zone, 48.20275, 16.37, 65);
        await Wait(TimeSpan.FromSeconds(30));
        await At(48.2, 16.37);
        await Wait(TimeSpan.FromSeconds(30));
        await At(48.2, 16.371);
        Assert.Equal(1, await Entries());
    }

    [Fact]
    public async Task Who_does_not_watch_or_tells_it_late_or_of_no_zone_of_ours_is_not_warned()
    {
        var zone = await Draw(48.2, 16.37, 300, "Docks");
        await Enter(zone, 48.2, 16.37, 400);
        await Watch();
        await Wait(TimeSpan.FromMinutes(1));
        await Device.Taken(_phone.OwnTracks($$"""{"_type":"transition","event":"enter","wtst":1700000000,"tst":{{_server.Time.GetUtcNow().ToUnixTimeSeconds()}},"acc":400,"lat":48.2,"lon":16.37}"""));
        Assert.Equal(0, await Entries());
        await Wait(TimeSpan.FromMinutes(10));
        await Enter(zone, 48.2, 16.37, 5, late: TimeSpan.FromMinutes(5));
        Assert.Equal(0, await Entries());
    }

    private async Task<Guid> Draw(double latitude, double longitude, double radius, string name) => (await Json(await Send(_admin, HttpMethod.Post, "zones", FormattableString.Invariant(
        $$$"""{"type":"Feature","properties":{"name":"{{{name}}}","risk":3,"radiusMeters":{{{radius}}}},"geometry":{"type":"Point","coordinates":[{{{longitude}}},{{{latitude}}}]}}""")), 201)).GetProperty("id").GetGuid();

    private async Task Watch() => await Json(await Send(_ada, HttpMethod.Patch, "users/me/zones", """{"watching":true}"""), 200);

    private async Task Wait(TimeSpan time)
    {
        _server.Time.Advance(time);
        // Access tokens end with the clock.
        _admin = await SosServerHost.Session(await _server.Refresh(_admin.RefreshToken));
        _ada = await SosServerHost.Session(await _server.Refresh(_ada.RefreshToken));
    }

    private async Task<List<JsonElement>> At(double latitude, double longitude, string agent = "Owntracks-Android/gp/420500012")
    {
        _server.Http.DefaultRequestHeaders.Remove("User-Agent");
        _server.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        return [.. (await Device.Taken(_phone.OwnTracks(RealMessages.OwnTracks(_server.Time.GetUtcNow(), latitude, longitude)))).EnumerateArray()];
    }

    private async Task Enter(Guid zone, double latitude, double longitude, double accuracy, TimeSpan late = default) => await Device.Taken(_phone.OwnTracks(FormattableString.Invariant(
        $$"""{"_type":"transition","event":"enter","desc":"Docks","t":"c","wtst":{{ZoneMarks.Of(zone)}},"tst":{{(_server.Time.GetUtcNow() - late).ToUnixTimeSeconds()}},"acc":{{accuracy}},"lat":{{latitude}},"lon":{{longitude}},"tid":"me"}""")));

    private async Task<int> Entries()
    {
        var weeks = (await Json(await Send(_ada, HttpMethod.Get, "users/me/zones"), 200)).GetProperty("weeks").EnumerateArray().ToList();
        return weeks.Sum(week => week.GetProperty("byRisk").EnumerateArray().Sum(count => count.GetInt32()));
    }

    private static List<string> Names(JsonElement command) => [.. command.GetProperty("waypoints").GetProperty("waypoints").EnumerateArray().Select(one => one.GetProperty("desc").GetString()!)];

    private Task<HttpResponseMessage> Send(SessionAnswer person, HttpMethod method, string path, string? body = null) => _server.Send(method, "api/v1/" + path, body, "Bearer " + person.AccessToken);

    private static async Task<JsonElement> Json(HttpResponseMessage answer, int status)
    {
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }
}
