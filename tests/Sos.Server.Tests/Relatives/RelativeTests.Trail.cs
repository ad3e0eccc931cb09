using System.Net;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Relatives;

// Where somebody was: her own, and what a relative sees of it.
public sealed partial class RelativeTests
{
    [Fact]
    public async Task A_trail_is_off_until_she_says_so_takes_positions_whichever_way_they_come_and_is_gone_when_she_deletes_it()
    {
        var (ann, _) = await Person("Ann");
        await Report(ann, "40.1000");
        Assert.Equal("""{"enabled":false,"keepHours":24,"points":[]}""", (await city.Done(ann, "GET", "users/me/trail")).GetRawText());
        Assert.Equal("""{"enabled":true,"keepHours":48}""", (await city.Done(ann, "PUT", "users/me/trail", """{"enabled":true,"keepHours":48}""")).GetRawText());
        await Report(ann, "40.1010");
        await Kept(ann, 1);
        city.Host.Time.Advance(TimeSpan.FromSeconds(40));
        await using var hub = await city.Connect("alerts", ann);
        await hub.Invoke("updateLocation", new { latitude = 40.102, longitude = -75.34 });
        await Kept(ann, 2);
        city.Host.Time.Advance(TimeSpan.FromSeconds(40));
        var tracker = (await city.Done(ann, "POST", "users/me/trackers", """{"name":"Watch","kind":"traccar"}""")).GetProperty("token").GetString();
        using (var told = await city.Host.Http.GetAsync($"ingest/osmand/{tracker}?lat=40.103&lon=-75.34")) Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        await Kept(ann, 3);
        city.Host.Time.Advance(TimeSpan.FromMinutes(4));
        var now = city.Host.Time.GetUtcNow();
        var (late, later) = (Position("40.105", now.AddMinutes(-1)), Position("40.104", now.AddMinutes(-2)));
        await city.Done(ann, "POST", "users/me/positions", $$"""{"positions":[{{late}},{{later}}]}""");

        var points = await Kept(ann, 5);
        Assert.Equal([40.101, 40.102, 40.103, 40.104, 40.105], points.Select(point => point.GetProperty("latitude").GetDouble()));
        Assert.Equal(now.AddMinutes(-1), points[^1].GetProperty("at").GetDateTimeOffset());
        using (var deleted = await city.Ask(ann, "DELETE", "users/me/trail")) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("""{"enabled":true,"keepHours":48,"points":[]}""", (await city.Done(ann, "GET", "users/me/trail")).GetRawText());
        Assert.Equal("""{"enabled":false,"keepHours":48}""", (await city.Done(ann, "PUT", "users/me/trail", """{"enabled":false}""")).GetRawText());
    }

    [Fact]
    public async Task What_says_no_number_of_hours_or_no_window_is_refused_and_changes_nothing()
    {
        var ((ann, _), (ben, bens)) = (await Person("Ann"), await Person("Ben"));
        var (asker, _) = await Relate(ann, ben, bens);
        await city.Done(ann, "PUT", "users/me/trail", """{"keepHours":12}""");
        foreach (var (status, path, body) in new[]
        {
            (422, "users/me/trail", """{"enabled":true,"keepHours":0}"""), (422, "users/me/trail", """{"enabled":true,"keepHours":169}"""), (422, "users/me/trail", """{"enabled":true,"keepHours":-24}"""),
            (400, "users/me/trail", """{"enabled":true,"keepHours":1.5}"""), (400, "users/me/trail", """{"enabled":true,"keepHours":"24"}"""), (400, "users/me/trail", """{"enabled":1}"""),
            (400, "users/me/trail", """{"forever":true}"""), (400, $"relatives/{asker}/sharing", """{"enabled":true,"history":"year"}"""), (400, $"relatives/{asker}/sharing", """{"enabled":true,"history":3}"""),
        })
        {
            using var bad = await city.Ask(ann, "PUT", path, body);
            await SosServerHost.IsProblem(bad, status, status == 422 ? "invalid" : "bad-json");
        }

        Assert.Equal("""{"enabled":false,"keepHours":12,"points":[]}""", (await city.Done(ann, "GET", "users/me/trail")).GetRawText());
        foreach (var who in new[] { Guid.NewGuid().ToString(), "%2B49305559998", "nobody" })
        {
            using var missing = await city.Ask(ann, "GET", $"relatives/{who}/trail");
            await SosServerHost.IsProblem(missing, 404, "not-found");
        }
    }

    [Fact]
    public async Task A_relative_sees_a_trail_by_what_she_was_given_and_no_more_exactly_and_the_look_is_told()
    {
        var ((ann, anns), (ben, bens), (eve, _)) = (await Person("Ann"), await Person("Ben"), await Person("Eve"));
        var (asker, asked) = await Relate(ann, ben, bens);
        await city.Done(ann, "PUT", "users/me/trail", """{"enabled":true}""");
        await Share(ann, asker);
        await Walk(ann, "40.1111");
        Assert.Empty(await Points(ben, $"relatives/{asked}/trail"));
        await city.Done(ann, "PUT", $"relatives/{asker}/sharing", """{"enabled":true,"history":"day"}""");
        await Walk(ann, "40.1222");
        var seen = Assert.Single(await Points(ben, $"relatives/{Uri.EscapeDataString(anns)}/trail"));
        Assert.Equal((40.1222, "exact", 5d), (seen.GetProperty("latitude").GetDouble(), seen.GetProperty("precision").GetString(), seen.GetProperty("accuracy").GetDouble()));
        Assert.Contains("trail", (await city.Done(ann, "GET", "users/me/seen")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("what").GetString()));
        using (var strangers = await city.Ask(eve, "GET", $"relatives/{asked}/trail")) await SosServerHost.IsProblem(strangers, 404, "not-found");

        await city.Done(ann, "PUT", $"relatives/{asker}/sharing", """{"enabled":true,"history":"day","precision":"approximate"}""");
        city.Host.Time.Advance(TimeSpan.FromMinutes(5));
        await Walk(ann, "40.1333");
        var squares = (await city.Done(ben, "GET", $"relatives/{asked}/trail")).GetRawText();
        Assert.Contains("approximate", squares, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"40\.1222|40\.1333|-75\.34\b|exact|accuracy", squares);
    }

    private static string Position(string latitude, DateTimeOffset at) => $$"""{"latitude":{{latitude}},"longitude":-75.34,"at":"{{at:O}}"}""";

    private async Task<JsonElement[]> Points(SessionAnswer who, string path) => [.. (await city.Done(who, "GET", path)).GetProperty("points").EnumerateArray()];

    // Told one way: waited for before the clock goes on.
    private async Task<JsonElement[]> Kept(SessionAnswer who, int count)
    {
        JsonElement[] points = [];
        await city.Until($"{count} are kept", async () => (points = await Points(who, "users/me/trail")).Length == count);
        return points;
    }

    // A position that is kept, half a minute after whatever was before it.
    private async Task Walk(SessionAnswer who, string latitude)
    {
        city.Host.Time.Advance(TimeSpan.FromSeconds(31));
        await Report(who, latitude);
        var wanted = double.Parse(latitude, System.Globalization.CultureInfo.InvariantCulture);
        await city.Until("it is kept", async () => (await Points(who, "users/me/trail")) is [.., var newest] && newest.GetProperty("latitude").GetDouble() == wanted);
    }
}
