using System.Net;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Relatives;

/// <summary>Groups over HTTP: hers alone, and for each member what she could do to her alone.</summary>
public sealed partial class RelativeTests
{
    [Fact]
    public async Task A_group_shows_where_its_members_are_and_is_shown_to_and_asked_at_once_and_each_is_named()
    {
        var ((ann, _), (ben, bens)) = (await Person("Ann"), await Person("Ben"));
        var (anns, his) = await Relate(ann, ben, bens);
        await Share(ben, his);
        await Report(ben, "40.1300");
        var invited = (await city.Done(ann, "POST", "relatives/add", """{"phoneNumber":"+49305550321","name":"Dora"}""")).GetProperty("relative").GetProperty("id").GetGuid();
        var group = await Group(ann, "Family", invited, anns);

        var places = (await city.Done(ann, "GET", $"relatives/groups/{group}/places")).GetProperty("members");
        Assert.Equal((40.13, "live"), (places[0].GetProperty("position").GetProperty("latitude").GetDouble(), places[0].GetProperty("freshness").GetString()));
        Assert.Equal((false, "expired"), (places[1].TryGetProperty("position", out _), places[1].GetProperty("freshness").GetString()));
        Assert.Equal((await city.Done(ann, "GET", "relatives")).GetProperty("relatives").GetRawText(), places.GetRawText());
        Assert.Contains((await city.Done(ben, "GET", "users/me/seen")).GetProperty("items").EnumerateArray(), item => (item.GetProperty("by").GetString(), item.GetProperty("what").GetString()) == ("relative", "place"));

        var shared = await city.Done(ann, "PUT", $"relatives/groups/{group}/sharing", """{"enabled":true,"precision":"approximate"}""");
        Assert.False(shared.GetProperty("locationSharingEnabled").GetBoolean());
        Assert.Equal(["Ben True ", "Dora False not_active"], Told(shared));
        Assert.Equal("approximate", shared.GetProperty("members")[0].GetProperty("sharing").GetProperty("precision").GetString());
        Assert.Equal(["Ben True ", "Dora False not_active"], Told(await city.Done(ann, "POST", $"relatives/groups/{group}/request-location")));
        var again = await city.Done(ann, "POST", $"relatives/groups/{group}/request-location");
        Assert.Equal(["Ben False too_soon", "Dora False not_active"], Told(again));
        Assert.Equal([true, false], again.GetProperty("members").EnumerateArray().Select(member => member.TryGetProperty("againAt", out _)));
        await city.Until("he is asked", async () => (await city.Done(ben, "GET", "relatives/requests")).GetProperty("requests").GetArrayLength() == 1);
    }

    [Fact]
    public async Task A_group_is_made_out_of_the_own_list_only_and_every_refusal_says_why()
    {
        var ((ann, _), (eve, _)) = (await Person("Ann"), await Person("Eve"));
        var own = (await city.Done(ann, "POST", "relatives/add", """{"phoneNumber":"+49305550322","name":"Ben"}""")).GetProperty("relative").GetProperty("id").GetGuid();
        var foreign = (await city.Done(eve, "POST", "relatives/add", """{"phoneNumber":"+49305550323","name":"Ben"}""")).GetProperty("relative").GetProperty("id").GetGuid();
        var (family, hers) = (await Group(ann, " Family ", own), await Group(eve, "Family", foreign));
        var many = string.Join(',', Enumerable.Range(0, 21).Select(_ => $"\"{own}\""));
        foreach (var (body, status, slug) in new[]
        {
            ("""{"name":" ","members":[]}""", 422, "invalid"), ($$"""{"name":"{{new string('a', 61)}}","members":[]}""", 422, "invalid"), ("""{"name":"a\u0007","members":[]}""", 422, "invalid"),
            ($$"""{"name":"Many","members":[{{many}}]}""", 422, "invalid"), ($$"""{"name":"Others","members":["{{own}}","{{foreign}}"]}""", 422, "invalid"),
            ($$"""{"name":"Others","members":["{{Guid.NewGuid()}}"]}""", 422, "invalid"), ("""{"name":"Others","members":["nobody"]}""", 400, "bad-json"), ("""{"name":"Others"}""", 400, "bad-json"),
            ("""{"name":"Others","members":null}""", 400, "bad-json"), ("""{"name":"FAMILY","members":[]}""", 409, "illegal-move"),
        })
        {
            using var refused = await city.Ask(ann, "POST", "relatives/groups", body);
            await SosServerHost.IsProblem(refused, status, slug);
        }

        // A number that is somebody else's entry is refused like one that is nobody's, and so is her group.
        string Members(Guid member) => $$"""{"name":"Others","members":["{{member}}"]}""";
        Assert.Equal(await Whole(ann, "PUT", $"relatives/groups/{family}", Members(Guid.NewGuid())), await Whole(ann, "PUT", $"relatives/groups/{family}", Members(foreign)));
        foreach (var (method, path, body) in new[]
        {
            ("GET", "", null), ("PUT", "", """{"name":"Others","members":[]}"""), ("DELETE", "", null), ("GET", "/places", null), ("PUT", "/sharing", """{"enabled":false}"""), ("POST", "/request-location", (string?)null),
        })
        {
            using var missing = await city.Ask(ann, method, $"relatives/groups/{hers}{path}", body);
            await SosServerHost.IsProblem(missing, 404, "not-found");
        }

        using (var past = await city.Ask(ann, "PUT", $"relatives/groups/{family}/sharing", """{"enabled":true,"until":"2001-01-01T00:00:00Z"}""")) await SosServerHost.IsProblem(past, 422, "invalid");
        for (var i = 1; i < 10; i++) await Group(ann, $"Group {i}");
        using (var full = await city.Ask(ann, "POST", "relatives/groups", """{"name":"One more","members":[]}""")) await SosServerHost.IsProblem(full, 422, "invalid");

        var changed = await city.Done(ann, "PUT", $"relatives/groups/{family}", """{"name":"family","members":[]}""");
        Assert.Equal(("family", 0), (changed.GetProperty("name").GetString(), changed.GetProperty("members").GetArrayLength()));
        using (var gone = await city.Ask(ann, "DELETE", $"relatives/groups/{family}")) Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(9, (await city.Done(ann, "GET", "relatives/groups")).GetProperty("groups").GetArrayLength());
        Assert.Equal("Family", (await city.Done(eve, "GET", $"relatives/groups/{hers}")).GetProperty("name").GetString());
    }

    private async Task<Guid> Group(SessionAnswer who, string name, params Guid[] members)
    {
        using var made = await city.Ask(who, "POST", "relatives/groups", JsonSerializer.Serialize(new { name, members }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var group = await SosServerHost.Json(made);
        Assert.Equal(name.Trim(), group.GetProperty("name").GetString());
        Assert.Equal($"/api/v1/relatives/groups/{group.GetProperty("id").GetGuid()}", made.Headers.Location?.OriginalString);
        return group.GetProperty("id").GetGuid();
    }

    private static IEnumerable<string> Told(JsonElement answer) => answer.GetProperty("members").EnumerateArray()
        .Select(member => $"{member.GetProperty("name").GetString()} {member.GetProperty("success").GetBoolean()} {(member.TryGetProperty("refusal", out var why) ? why.GetString() : "")}");
}
