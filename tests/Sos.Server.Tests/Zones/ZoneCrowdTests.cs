using System.Text.Json;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Zones;

/// <summary>Operators of an area hear of a crowd in one of its zones, as a number.</summary>
public sealed class ZoneCrowdTests : IAsyncLifetime
{
    private const string Area = "dr4k";
    private SosServerHost _server = null!;

    public async ValueTask InitializeAsync() => _server = await SosServerHost.Start("--Sos:Zones:CrowdOf=5");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Five_people_in_a_zone_are_told_to_its_operators_once_and_to_nobody_else()
    {
        var admin = await _server.Bootstrap();
        await Done(admin, "POST", "zones", """{"type":"Feature","properties":{"name":"Docks","risk":4,"radiusMeters":300},"geometry":{"type":"Point","coordinates":[-75.34,40.12]}}""");
        await using var here = await Operator(admin, 20, Area);
        await using var elsewhere = await Operator(admin, 21, "9q8y");
        for (var i = 0; i < 8; i++)
        {
            var person = await _server.SignIn(30 + i);
            await Done(person, "PATCH", "users/me/zones", """{"watching":true}""");
            Assert.Equal("Docks", (await Done(person, "POST", "users/me/position", """{"latitude":40.12,"longitude":-75.34,"accuracy":10}""")).GetProperty("zoneWarning").GetProperty("name").GetString());
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var told = await here.Messages.ReadAsync(patience.Token);
        var crowd = told.Arguments[0];
        Assert.Equal(("zoneCrowded", "Docks", 4, Area, 5), (told.Target, crowd.GetProperty("name").GetString(), crowd.GetProperty("risk").GetInt32(), crowd.GetProperty("area").GetString(), crowd.GetProperty("people").GetInt32()));
        Assert.Equal(["zone", "name", "risk", "area", "people", "at"], crowd.EnumerateObject().Select(member => member.Name));
        Assert.False(here.Messages.TryRead(out _));
        Assert.False(elsewhere.Messages.TryRead(out _));
    }

    private async Task<HubClient> Operator(SessionAnswer admin, int number, string area)
    {
        var person = await _server.SignIn(number);
        await Done(admin, "PATCH", $"admin/users/{person.User!.Id}", $$"""{"roles":["user","operator"],"areas":["{{area}}"]}""");
        person = await _server.SignIn(number);
        var ticket = (await Done(person, "POST", "auth/tickets")).GetProperty("ticket").GetString();
        var hub = await HubClient.Connect(new UriBuilder(_server.Http.BaseAddress!) { Scheme = "ws", Path = "/ws/alerts" }.Uri, ticket);

        // Calls are answered when the connection is known.
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("UpdatePosition", Guid.NewGuid(), new { latitude = 1, longitude = 1 }));
        return hub;
    }

    private async Task<JsonElement> Done(SessionAnswer who, string method, string path, string? json = null)
    {
        using var answer = await _server.Send(new HttpMethod(method), "api/v1/" + path, json, "Bearer " + who.AccessToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }
}
