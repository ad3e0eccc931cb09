using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sos.Server.Tests.Alerts;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Relatives;

/// <summary>Relatives over HTTP: the whole way to seeing each other, and that nobody learns what she was not told.</summary>
public sealed partial class RelativeTests(AlertCity city) : IClassFixture<AlertCity>
{
    private static int _people = 8_000;

    [Fact]
    public async Task Two_who_agree_and_share_see_each_other_and_who_is_near()
    {
        var ((ann, _), (ben, bens)) = (await Person("Ann"), await Person("Ben"));
        var mine = await Relate(ann, ben, bens);
        var (anns, his) = (mine.Asker, mine.Asked);
        await Share(ann, anns);
        await Share(ben, his);
        await Report(ben, "40.1300");
        var near = await city.Done(ann, "POST", "relatives/location", """{"latitude":40.1259,"longitude":-75.34,"accuracy":5}""");
        Assert.True(near.GetProperty("success").GetBoolean());
        var found = Assert.Single(near.GetProperty("nearbyRelatives").EnumerateArray());
        Assert.Equal(("Ben", "live"), (found.GetProperty("name").GetString(), found.GetProperty("freshness").GetString()));
        Assert.InRange(found.GetProperty("distance").GetDouble(), 0.45, 0.46);

        var seen = (await city.Done(ann, "GET", "relatives")).GetProperty("relatives")[0];
        Assert.Equal((40.13, "exact", "active"), (seen.GetProperty("position").GetProperty("latitude").GetDouble(), seen.GetProperty("precision").GetString(), seen.GetProperty("state").GetString()));
        var far = await city.Done(ann, "POST", "relatives/location", """{"latitude":40.2,"longitude":-75.34}""");
        Assert.Empty(far.GetProperty("nearbyRelatives").EnumerateArray());
    }

    [Fact]
    public async Task Two_who_meet_have_it_on_their_devices_by_name_and_in_their_records()
    {
        var ((ann, _), (ben, bens)) = (await Person("Ann"), await Person("Ben"));
        var (anns, his) = await Relate(ann, ben, bens);
        await Share(ann, anns);
        await Share(ben, his);
        await using var hers = await city.Connect("alerts", ann);
        await using var other = await city.Connect("alerts", ben);
        await hers.Invoke("updateLocation", new { latitude = 40.13, longitude = -75.34 });
        await other.Invoke("updateLocation", new { latitude = 40.134, longitude = -75.34 });
        var told = await city.Next(hers, "proximityAlert", _ => true);
        Assert.Equal((anns, "Ben", "entering", 0.445), (told.GetProperty("relativeId").GetGuid(), told.GetProperty("relativeName").GetString(), told.GetProperty("move").GetString(), told.GetProperty("distance").GetDouble()));
        told = await city.Next(other, "proximityAlert", _ => true);
        Assert.Equal((his, "Ann"), (told.GetProperty("relativeId").GetGuid(), told.GetProperty("relativeName").GetString()));
        foreach (var person in new[] { ann, ben })
            await city.Until("both have a record", async () => (await city.Done(person, "GET", "relatives/alerts")).GetProperty("alerts").GetArrayLength() == 1);
    }

    [Fact]
    public async Task Who_stops_sharing_over_the_hub_is_shown_to_nobody_when_it_is_answered_and_only_her_own_devices_hear_it()
    {
        var ((ann, _), (ben, bens)) = (await Person("Ann"), await Person("Ben"));
        var (anns, his) = await Relate(ann, ben, bens);
        await Share(ann, anns);
        await Share(ben, his);
        await Report(ann, "40.1302");
        await using var hers = await city.Connect("alerts", ann);
        await using var second = await city.Connect("alerts", ann);
        await using var other = await city.Connect("alerts", ben);
        foreach (var hub in new[] { second, other }) await hub.Invoke("updateLocation", new { latitude = 40.9, longitude = -75.34 }); // answered once the connection is heard of everywhere
        await hers.Invoke("stopLocationSharing");
        Assert.False((await city.Done(ben, "GET", "relatives")).GetProperty("relatives")[0].TryGetProperty("position", out _));
        Assert.False((await city.Done(ann, "GET", "relatives")).GetProperty("locationSharingEnabled").GetBoolean());
        foreach (var hub in new[] { hers, second }) Assert.False((await city.Next(hub, "locationSharingDisabled", _ => true)).GetProperty("locationSharingEnabled").GetBoolean());
        Assert.Null(await hers.Invoke("stopLocationSharing"));
        await other.Invoke("stopLocationSharing");
        Assert.True((await city.Next(other, "locationSharingDisabled", _ => true)).TryGetProperty("timestamp", out _));
        Assert.False(other.Messages.TryRead(out _) || hers.Messages.TryRead(out _));
        await Assert.ThrowsAsync<Sos.TestKit.Realtime.HubCallException>(() => hers.Invoke("stopLocationSharing", ben.User!.Id));
    }

    [Fact]
    public async Task Adding_answers_the_same_bytes_whether_the_number_is_nobodys_somebodys_of_one_who_blocks_or_of_one_who_refuses()
    {
        var (known, knowns) = await Person("Ben");
        var (blocking, blockings) = await Person("Ben");
        var (refusing, refusings) = await Person("Ben");
        var answers = new List<string>();
        foreach (var number in new[] { "+493055501234", knowns, blockings, refusings })
        {
            var (ann, _) = await Person("Ann");
            if (number == blockings) await city.Done(blocking, "POST", "users/me/blocks", $$"""{"userId":"{{ann.User!.Id}}"}""");
            var add = $$"""{"phoneNumber":"{{number}}","name":"Ben"}""";
            var story = new List<string> { await Whole(ann, "POST", "relatives/add", add) };
            if (number == refusings)
            {
                await city.Until("he is asked", async () => (await Invitations(refusing)).Length == 1);
                using var refused = await city.Ask(refusing, "POST", $"relatives/invitations/{(await Invitations(refusing))[0].GetProperty("id").GetGuid()}/refuse");
                Assert.Equal(HttpStatusCode.NoContent, refused.StatusCode);
            }

            if (number == knowns) await city.Until("he is asked", async () => (await Invitations(known)).Length == 1);
            var id = (await city.Done(ann, "GET", "relatives")).GetProperty("relatives")[0].GetProperty("id").GetGuid();
            foreach (var (method, path, body) in new[]
            {
                ("GET", "relatives", null), ("POST", "relatives/add", add), ("PUT", $"relatives/{id}/sharing", """{"enabled":true}"""), ("PUT", $"relatives/{id}", """{"paused":true}"""),
                ("POST", "relatives/location", AlertCity.Here), ("GET", "relatives/alerts", null), ("DELETE", $"relatives/{id}", null), ("POST", "relatives/add", add),
            })
            {
                story.Add(await Whole(ann, method, path, body));
            }

            answers.Add(string.Join('\n', story).Replace(number, "…", StringComparison.Ordinal));
        }

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Empty(await Invitations(blocking));
    }

    [Fact]
    public async Task Who_is_blocked_paused_not_shared_with_or_without_signal_cannot_be_told_apart_by_any_answer()
    {
        string[] ways = ["silent", "off", "master", "paused", "blocked"];
        var people = new List<(SessionAnswer Ann, SessionAnswer Ben, Guid Group, Guid Asker, Guid Asked)>();
        foreach (var _ in ways)
        {
            var ((ann, _), (ben, bens)) = (await Person("Ann"), await Person("Ben"));
            var (asker, asked) = await Relate(ann, ben, bens);
            await Share(ann, asker);
            await Share(ben, asked);
            await city.Done(ben, "PUT", "users/me/trail", """{"enabled":true}""");
            await city.Done(ben, "PUT", $"relatives/{asked}/sharing", """{"enabled":true,"history":"week"}""");
            people.Add((ann, ben, await Group(ann, "Family", asker), asker, asked));
        }

        city.Host.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var (ann, ben, _, _, _) in people)
        {
            await Report(ben, "40.1201");
            await Kept(ben, 1);
            await city.Done(ann, "POST", "relatives/location", AlertCity.Here);
        }

        city.Host.Time.Advance(TimeSpan.FromSeconds(1));

        for (var i = 0; i < ways.Length; i++)
        {
            var (ann, ben, _, _, asked) = people[i];
            switch (ways[i])
            {
                case "off": await city.Done(ben, "PUT", $"relatives/{asked}/sharing", """{"enabled":false}"""); break;
                case "master": await city.Done(ben, "POST", "relatives/toggle-sharing", """{"enabled":false}"""); break;
                case "paused": await city.Done(ben, "PUT", $"relatives/{asked}", """{"paused":true}"""); break;
                case "blocked": await city.Done(ben, "POST", "users/me/blocks", $$"""{"userId":"{{ann.User!.Id}}"}"""); break;
            }
        }

        // Right after it, and when the last place is too old to be shown.
        foreach (var wait in new[] { TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(31) })
        {
            city.Host.Time.Advance(wait);
            var answers = new List<string>();
            foreach (var (ann, ben, group, asker, _) in people)
            {
                if (wait < TimeSpan.FromMinutes(10) && ben != people[0].Ben) await Report(ben, "40.1210");
                var fresh = await city.Host.SignIn(int.Parse(Numbers[ann.User!.Id].AsSpan(^6), System.Globalization.CultureInfo.InvariantCulture));
                var story = new List<string>();
                foreach (var (method, path, body) in new[]
                {
                    ("GET", "relatives", null), ("POST", "relatives/location", AlertCity.Here), ("GET", "relatives/alerts", null), ("PUT", $"relatives/{asker}/sharing", """{"enabled":true}"""),
                    ("GET", "relatives/invitations", null), ("GET", "users/me/seen", null), ("GET", "users/me/blocks", null), ("GET", $"relatives/groups/{group}", null),
                    ("GET", $"relatives/groups/{group}/places", null), ("PUT", $"relatives/groups/{group}/sharing", """{"enabled":true}"""), ("POST", $"relatives/groups/{group}/request-location", null),
                    ("GET", $"relatives/{asker}/trail", null),
                })
                {
                    story.Add(await Whole(fresh, method, path, body));
                }

                answers.Add(string.Join('\n', story));
            }

            // The trail goes when the place does: a phone that is silent has none either.
            Assert.EndsWith(wait < TimeSpan.FromMinutes(10) ? "\"precision\":\"exact\"}]}" : "\"points\":[]}", answers[0], StringComparison.Ordinal);
            for (var i = 1; i < ways.Length; i++) Assert.True(answers[0] == answers[i], $"{ways[i]} after {wait}:\n{answers[0]}\n---\n{answers[i]}");
        }
    }

    [Fact]
    public async Task What_is_not_in_the_own_list_is_404_what_is_there_409_and_what_is_no_value_422()
    {
        var (ann, anns) = await Person("Ann");
        var added = await city.Done(ann, "POST", "relatives/add", """{"phoneNumber":"+49 30 555 0123","name":"Ben","notes":"brother"}""");
        Assert.Equal((true, 1), (added.GetProperty("success").GetBoolean(), added.GetProperty("relativesCount").GetInt32()));
        using var again = await city.Ask(ann, "POST", "relatives/add", """{"phoneNumber":"0049305550123","name":"Ben"}""");
        await SosServerHost.IsProblem(again, 409, "already-monitored");
        Assert.Equal("Already monitoring this number", (await SosServerHost.Json(again)).GetProperty("title").GetString());
        foreach (var who in new[] { Guid.NewGuid().ToString(), "%2B49305559999", "nobody" })
        {
            using var missing = await city.Ask(ann, "DELETE", $"relatives/{who}");
            await SosServerHost.IsProblem(missing, 404, "not-found");
        }

        var notes = JsonSerializer.Serialize(new string('न', 500));
        for (var i = 0; i < 8; i++) await city.Done(ann, "POST", "relatives/add", $$"""{"phoneNumber":"+4930555019{{i}}","name":"Ben","notes":{{notes}}}""");
        foreach (var (method, path, body) in new[]
        {
            ("POST", "relatives/add", $$"""{"phoneNumber":"+49305550199","name":"Ben","notes":{{notes}}}"""), ("PUT", "relatives/%2B49305550123", $$"""{"notes":{{notes}}}"""),
            ("POST", "relatives/add", """{"phoneNumber":"12","name":"Ben"}"""), ("POST", "relatives/add", """{"phoneNumber":"+4930555012","name":" "}"""), ("POST", "relatives/add", $$"""{"phoneNumber":"{{anns}}","name":"Me"}"""),
            ("POST", "relatives/location", """{"latitude":91,"longitude":0}"""), ("PUT", "relatives/%2B49305550123/sharing", """{"enabled":true,"until":"2001-01-01T00:00:00Z"}"""),
        })
        {
            using var bad = await city.Ask(ann, method, path, body);
            await SosServerHost.IsProblem(bad, 422, "invalid");
        }

        var changed = await city.Done(ann, "PUT", "relatives/%2B49305550123", """{"name":"Benjamin"}""");
        Assert.Equal(("Benjamin", "brother"), (changed.GetProperty("relative").GetProperty("name").GetString(), changed.GetProperty("relative").GetProperty("notes").GetString()));
        await city.Done(ann, "DELETE", "relatives/+49305550123");
        Assert.Equal(8, (await city.Done(ann, "GET", "relatives")).GetProperty("relatives").GetArrayLength());
    }

    [Fact]
    public async Task Who_is_under_age_without_a_guardian_adds_nobody_agrees_to_nobody_and_shows_herself_to_nobody()
    {
        var ((ann, _), (ben, bens)) = (await Person("Ann"), await Person("Ben"));
        var (asker, _) = await Relate(ann, ben, bens);
        await Share(ann, asker);
        var group = await Group(ann, "Family", asker);
        await Report(ann, "40.12");
        await city.Done(ann, "PUT", "users/me/age", """{"isOfAge":false}""");
        Assert.False((await city.Done(ben, "GET", "relatives")).GetProperty("relatives")[0].TryGetProperty("position", out _));
        foreach (var (method, path, body) in new[]
        {
            ("POST", "relatives/add", """{"phoneNumber":"+49305550777","name":"Eve"}"""), ("POST", "relatives/toggle-sharing", """{"enabled":true}"""),
            ("PUT", $"relatives/{asker}/sharing", """{"enabled":true}"""), ("POST", $"relatives/invitations/{Guid.NewGuid()}/accept", "{}"),
            ("PUT", $"relatives/groups/{group}/sharing", """{"enabled":true}"""),
        })
        {
            using var refused = await city.Ask(ann, method, path, body);
            await SosServerHost.IsProblem(refused, 403, "guardian-needed");
        }

        var ended = await city.Done(ann, "PUT", $"relatives/groups/{group}/sharing", """{"enabled":false}""");
        Assert.True(ended.GetProperty("members")[0].GetProperty("success").GetBoolean());
    }

    private static Dictionary<Guid, string> Numbers { get; } = [];

    private async Task<(SessionAnswer Session, string Phone)> Person(string name)
    {
        var number = Interlocked.Increment(ref _people);
        var session = await city.Host.SignIn(number);
        await city.Done(session, "PATCH", "users/me", $$"""{"fullName":"{{name}}"}""");
        Numbers[session.User!.Id] = TestNumbers.Number(9, number);
        return (session, TestNumbers.Number(9, number));
    }

    private async Task<(Guid Asker, Guid Asked)> Relate(SessionAnswer asker, SessionAnswer asked, string phone)
    {
        var added = (await city.Done(asker, "POST", "relatives/add", $$"""{"phoneNumber":"{{phone}}","name":"Ben"}""")).GetProperty("relative").GetProperty("id").GetGuid();
        await city.Until("she is asked", async () => (await Invitations(asked)).Length == 1);
        var accepted = await city.Done(asked, "POST", $"relatives/invitations/{(await Invitations(asked))[0].GetProperty("id").GetGuid()}/accept", "{}");
        await city.Until("both know", async () => (await city.Done(asker, "GET", "relatives")).GetProperty("relatives")[0].GetProperty("state").GetString() == "active");
        return (added, accepted.GetProperty("relative").GetProperty("id").GetGuid());
    }

    private async Task<JsonElement[]> Invitations(SessionAnswer who) => [.. (await city.Done(who, "GET", "relatives/invitations")).GetProperty("invitations").EnumerateArray()];

    private async Task Share(SessionAnswer who, Guid relative)
    {
        await city.Done(who, "PUT", $"relatives/{relative}/sharing", """{"enabled":true}""");
        await city.Done(who, "POST", "relatives/toggle-sharing", """{"enabled":true}""");
    }

    private async Task Report(SessionAnswer who, string latitude)
    {
        using var answer = await city.Ask(who, "POST", "users/me/position", $$"""{"latitude":{{latitude}},"longitude":-75.34,"accuracy":5}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    // Ids, numbers and times are each person's own; everything else is compared byte for byte.
    private async Task<string> Whole(SessionAnswer who, string method, string path, string? body)
    {
        using var answer = await city.Ask(who, method, path, body);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "RateLimit")).Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order();
        return Own().Replace($"{method} {path}\n{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{await answer.Content.ReadAsStringAsync()}", "…");
    }

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f-]{27}|\+1555[0-9]{7}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)|Content-Length: [0-9]+")]
    private static partial Regex Own();
}
