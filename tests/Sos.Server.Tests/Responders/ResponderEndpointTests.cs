using System.Net;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Responders;

public class ResponderEndpointTests
{
    private const string Here = "latitude=48.1374&longitude=11.5755";
    private static readonly object Position = new { latitude = 48.1374, longitude = 11.5755, accuracy = 12.5 };

    [Fact]
    public async Task A_responder_goes_on_duty_is_found_by_staff_and_off_duty_is_not()
    {
        await using var server = await SosServerHost.Start();
        var people = await People(server);
        using var ada = await people.Responder(1);
        using var operatorOfAll = await people.Operator(1);

        var account = Json(await ada.Put("responders/me", new { onDuty = true, capacity = 2, transport = "car" }));
        Assert.Equal((true, 2, "car"), (account.GetProperty("onDuty").GetBoolean(), account.GetProperty("capacity").GetInt32(), account.GetProperty("transport").GetString()));
        Assert.Equal(["medical", "safety", "fire"], account.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(HttpStatusCode.Accepted, (await ada.Post("responders/me/position", Position)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await ada.Post("responders/me/position", new { })).Status);

        var found = Json(await operatorOfAll.Get($"responders?{Here}&radiusMetres=1000"));
        var item = Assert.Single(found.GetProperty("items").EnumerateArray());
        Assert.Equal(ada.UserId, item.GetProperty("id").GetGuid());
        Assert.Equal(("live", 2), (item.GetProperty("state").GetString(), item.GetProperty("freeCapacity").GetInt32()));
        Assert.Equal(48.1374, item.GetProperty("position").GetProperty("latitude").GetDouble());
        Assert.Equal(12.5, Json(await ada.Get("responders/me")).GetProperty("position").GetProperty("accuracy").GetDouble());

        Assert.False(Json(await ada.Put("responders/me", new { onDuty = false })).TryGetProperty("position", out _));
        Assert.Empty(Json(await operatorOfAll.Get($"responders?{Here}")).GetProperty("items").EnumerateArray());
        Refused(await ada.Post("responders/me/position", Position), 409, "off-duty", "onDuty");
    }

    [Fact]
    public async Task Nobody_else_goes_on_duty_or_looks_for_responders()
    {
        await using var server = await SosServerHost.Start();
        var people = await People(server);
        using var caller = await people.Caller(1);
        using var responder = await people.Responder(1);
        using var stranger = new ApiClient(server.Http);
        foreach (var (person, status, slug) in new[] { (caller, 403, "forbidden"), (stranger, 401, "unauthorized") })
        {
            Refused(await person.Get("responders/me"), status, slug);
            Refused(await person.Put("responders/me", new { onDuty = true }), status, slug);
            Refused(await person.Post("responders/me/position", Position), status, slug);
            Refused(await person.Get("responders/me/inbox"), status, slug);
            Refused(await person.Get($"responders?{Here}"), status, slug);
        }

        Refused(await responder.Get($"responders?{Here}"), 403, "forbidden");
    }

    [Fact]
    public async Task A_suspended_responder_is_out_of_sight_and_out_of_her_role()
    {
        await using var server = await SosServerHost.Start();
        var people = await People(server);
        using var ada = await people.Responder(1);
        await ada.Put("responders/me", new { onDuty = true });
        await ada.Post("responders/me/position", Position);
        Assert.Single(Json(await people.Admin.Get($"responders?{Here}")).GetProperty("items").EnumerateArray());

        var suspended = Json(await people.Admin.Post($"admin/responders/{ada.UserId}", new { cleared = false, capabilities = Array.Empty<string>(), displayName = "Ada" }));

        Assert.False(suspended.GetProperty("onDuty").GetBoolean());
        Assert.Empty(Json(await people.Admin.Get($"responders?{Here}")).GetProperty("items").EnumerateArray());
        Refused(await ada.Put("responders/me", new { onDuty = true }), 403, "forbidden");
    }

    [Fact]
    public async Task An_operator_sees_responders_of_her_areas_only()
    {
        await using var server = await SosServerHost.Start();
        var people = await People(server);
        using var ada = await people.Responder(1);
        using var staff = await people.Operator(1);
        await ada.Put("responders/me", new { onDuty = true });
        await ada.Post("responders/me/position", Position);
        foreach (var (area, seen) in new[] { ("u281", 1), ("u282", 0) })
        {
            await people.Admin.Patch($"admin/users/{staff.UserId}", new { areas = new[] { area } });
            Assert.Equal(seen, Json(await staff.Get($"responders?{Here}")).GetProperty("items").GetArrayLength());
        }
    }

    [Theory]
    [InlineData("""{"latitude":200,"longitude":0}""", 422, "invalid", "latitude")]
    [InlineData("""{"latitude":139.69,"longitude":35.68}""", 422, "invalid", "swapped")]
    [InlineData("""{"latitude":48,"longitude":-181}""", 422, "invalid", "longitude")]
    [InlineData("""{"latitude":1e400,"longitude":0}""", 422, "invalid", "latitude")]
    [InlineData("""{"latitude":48}""", 422, "invalid", "longitude")]
    [InlineData("""{"longitude":11}""", 422, "invalid", "latitude")]
    [InlineData("""{"latitude":48,"longitude":11,"accuracy":-1}""", 422, "invalid", "accuracy")]
    [InlineData("""{"latitude":NaN,"longitude":0}""", 400, "bad-json", "latitude")]
    [InlineData("""{"latitude":Infinity,"longitude":0}""", 400, "bad-json", "latitude")]
    [InlineData("""{"latitude":"48","longitude":11}""", 400, "bad-json", "latitude")]
    [InlineData("""{"latitude":48,"longitude":[11]}""", 400, "bad-json", "longitude")]
    [InlineData("""{"latitude":48,"longitude":11,"at":"yesterday"}""", 400, "bad-json", "at")]
    [InlineData("""{"latitude":48,"longitude":11,"speed":3}""", 400, "bad-json", "speed")]
    [InlineData("""{"latitude":48,"latitude":49,"longitude":11}""", 400, "bad-json", "latitude")]
    public async Task A_position_that_is_none_is_refused_by_the_name_of_its_member(string body, int status, string slug, string named)
    {
        await using var server = await SosServerHost.Start();
        var people = await People(server);
        using var ada = await people.Responder(1);
        await ada.Put("responders/me", new { onDuty = true });
        using var answer = await server.Send(HttpMethod.Post, "api/v1/responders/me/position", body, $"Bearer {await ada.AccessToken()}");
        await SosServerHost.IsProblem(answer, status, slug);
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latitude=NaN&longitude=0", "latitude")]
    [InlineData("longitude=0", "latitude")]
    [InlineData("latitude=48&longitude=Infinity", "longitude")]
    [InlineData("latitude=48,1&longitude=11", "latitude")]
    [InlineData("latitude=91&longitude=11", "latitude")]
    [InlineData("latitude=48&longitude=11&radiusMetres=0", "radiusMetres")]
    [InlineData("latitude=48&longitude=11&radiusMetres=1e9", "radiusMetres")]
    [InlineData("latitude=48&longitude=11&radiusMetres=x", "radiusMetres")]
    [InlineData("latitude=48&longitude=11&limit=201", "limit")]
    [InlineData("latitude=48&longitude=11&limit=1.5", "limit")]
    public async Task A_search_that_is_none_is_refused_by_the_name_of_its_member(string query, string named)
    {
        await using var server = await SosServerHost.Start();
        var people = await People(server);
        Refused(await people.Admin.Get($"responders?{query}"), 422, "invalid", named);
    }

    [Fact]
    public async Task Duty_and_inbox_refuse_values_out_of_range_by_name()
    {
        await using var server = await SosServerHost.Start();
        var people = await People(server);
        using var ada = await people.Responder(1);
        Refused(await ada.Put("responders/me", new { capacity = 0 }), 422, "invalid", "capacity");
        Refused(await ada.Put("responders/me", new { capacity = 11 }), 422, "invalid", "capacity");
        Refused(await ada.Put("responders/me", new { transport = "helicopter" }), 400, "bad-json", "transport");
        Refused(await ada.Get("responders/me/inbox?after=-1"), 422, "invalid", "after");
        Refused(await ada.Get("responders/me/inbox?after=last"), 422, "invalid", "after");
        var page = Json(await ada.Get("responders/me/inbox?after=7"));
        Assert.Equal((0, 7), (page.GetProperty("items").GetArrayLength(), page.GetProperty("next").GetInt32()));
    }

    private static async Task<Population> People(SosServerHost server)
    {
        var people = new Population(server.Http);
        await people.MakeAdmin(SosServerHost.BootstrapToken);
        return people;
    }

    private static JsonElement Json(ApiAnswer answer) => answer.Read<JsonElement>();

    private static void Refused(ApiAnswer answer, int status, string slug, string named = "")
    {
        Assert.True((int)answer.Status == status && answer.Member("type") == "https://sos-orleans.org/problems/" + slug, $"expected {status} {slug}, got {answer}");
        Assert.Contains(named, answer.ToString(), StringComparison.Ordinal);
    }
}
