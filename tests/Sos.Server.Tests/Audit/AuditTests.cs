using System.Text.Json;
using Sos.Server.Tests.Alerts;

namespace Sos.Server.Tests.Audit;

/// <summary>S-20: every administrative act and every look of staff at a position has who, when, what and why.</summary>
public sealed class AuditTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Fact]
    public async Task S20_what_staff_did_and_looked_at_has_who_when_what_and_why()
    {
        var victim = await city.Person();
        var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
        var subject = $"alert/{alert}";
        foreach (var path in (string[])[$"alerts/{alert}", $"alerts/{alert}/events", $"alerts/{alert}/track"]) await city.Done(city.Operator, "GET", path);
        await city.Done(city.Operator, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"claim","reason":"mine"}""");
        await city.Done(city.Operator, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"unclaim","reason":"yours"}""");
        await city.Done(city.Operator, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"mark_false","reason":"a child"}""");
        string[] expected = ["viewed_alert", "viewed_alert", "viewed_track", "claimed_alert", "unclaimed_alert", "marked_false"];
        await city.Until("the audit has it", async () => (await Entries($"subject={subject}")).Count >= expected.Length);
        var entries = await Entries($"subject={subject}");
        Assert.Equal(expected.Order(), entries.Select(e => e.GetProperty("act").GetString()!).Order());
        Assert.All(entries, entry =>
        {
            Assert.Equal(city.Operator.User!.Id, entry.GetProperty("actor").GetGuid());
            Assert.InRange(entry.GetProperty("at").GetDateTimeOffset(), city.Host.Time.GetUtcNow().AddMinutes(-5), city.Host.Time.GetUtcNow());
            Assert.NotEmpty(entry.GetProperty("reason").GetString()!);
        });
        Assert.Equal("yours", entries.Single(e => e.GetProperty("act").GetString() == "unclaimed_alert").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task S20_accounts_responders_and_boards_are_in_the_audit()
    {
        var person = await city.Person();
        var subject = $"user/{person.User!.Id}";
        await city.Done(city.Admin, "GET", $"admin/users/{person.User.Id}");
        await city.Done(city.Admin, "PATCH", $"admin/users/{person.User.Id}", """{"roles":["user","operator"],"areas":["u2ed"]}""");
        await city.Done(city.Admin, "POST", $"admin/responders/{person.User.Id}", """{"cleared":true,"capabilities":["medical"],"displayName":"Ada"}""");
        var acts = await Entries($"subject={subject}");
        Assert.Equal(["changed_responder", "changed_account", "viewed_account"], acts.Select(e => e.GetProperty("act").GetString()));
        Assert.Contains("u2ed", acts[1].GetProperty("detail").GetString(), StringComparison.Ordinal);
        await city.Done(city.Operator, "GET", "admin/board");
        await city.Done(city.Operator, "GET", "responders?latitude=40.12&longitude=-75.34&radiusMetres=1000");
        var looks = await Entries($"actor={city.Operator.User!.Id}");
        Assert.Contains(looks, e => e.GetProperty("act").GetString() == "viewed_board");
        var search = Assert.Single(looks, e => e.GetProperty("act").GetString() == "viewed_responders");
        Assert.Equal($"area/{AlertCity.Area}", search.GetProperty("subject").GetString());
        Assert.DoesNotContain("40.12", search.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_person_herself_and_her_rescuer_look_at_is_no_look_of_staff()
    {
        var victim = await city.Person();
        var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
        await city.Accept(alert);
        await city.Done(victim, "GET", $"alerts/{alert}");
        await city.Done(city.Rescuer, "GET", $"alerts/{alert}/track");
        Assert.DoesNotContain(await Entries($"subject=alert/{alert}"), e => e.GetProperty("act").GetString()!.StartsWith("viewed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_go_through_a_day_newest_first_and_only_administrators_read_them()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => city.Person()));
        foreach (var person in people) await city.Done(city.Admin, "GET", $"admin/users/{person.User!.Id}");
        var seen = new List<string>();
        var query = "act=viewed_account&limit=2";
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await city.Done(city.Admin, "GET", $"admin/audit?{query}{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("subject").GetString()!));
            cursor = page.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(people.Reverse().Select(p => $"user/{p.User!.Id}"), seen.Where(s => people.Any(p => s.EndsWith(p.User!.Id.ToString(), StringComparison.Ordinal))));
        foreach (var path in (string[])["admin/audit", "admin/audit/verify"])
        {
            await SosServerHost.IsProblem(await city.Ask(city.Operator, "GET", path), 403, "forbidden");
            await SosServerHost.IsProblem(await city.Host.Send(HttpMethod.Get, "api/v1/" + path), 401, "unauthorized");
        }
    }

    [Theory]
    [InlineData("admin/audit?limit=0")]
    [InlineData("admin/audit?limit=201")]
    [InlineData("admin/audit?cursor=nonsense")]
    [InlineData("admin/audit?act=danced")]
    [InlineData("admin/audit?act=3")]
    [InlineData("admin/audit/verify?from=2026-01-01&to=2026-03-01")]
    [InlineData("admin/audit/verify?from=2026-01-02&to=2026-01-01")]
    public async Task What_cannot_be_asked_is_refused(string path) => await SosServerHost.IsProblem(await city.Ask(city.Admin, "GET", path), 422, "invalid");

    [Fact]
    public async Task A_check_answers_where_each_chain_stands_and_no_fault()
    {
        await city.Done(city.Admin, "GET", "admin/audit");
        var report = await city.Done(city.Admin, "GET", "admin/audit/verify");
        Assert.Empty(report.GetProperty("faults").EnumerateArray());
        Assert.True(report.GetProperty("entries").GetInt64() > 0);
        Assert.Equal(report.GetProperty("chains").GetInt32(), report.GetProperty("heads").GetArrayLength());
    }

    [Theory]
    [InlineData(null, 422)]
    [InlineData("   ", 422)]
    [InlineData("%0a", 422)]
    [InlineData("a%20complaint%20of%20M%C3%BCller", 200)]
    public async Task A_closed_alert_is_shown_to_staff_for_a_reason_only(string? reason, int status)
    {
        var alert = (await city.Press(await city.Person())).GetProperty("id").GetGuid();
        await city.Close(alert);
        foreach (var path in (string[])[$"alerts/{alert}", $"alerts/{alert}/events", $"alerts/{alert}/track"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/" + path);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + city.Operator.AccessToken);
            if (reason is not null) request.Headers.TryAddWithoutValidation("Sos-Reason", reason);
            using var answer = await city.Host.Http.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        if (status == 200) Assert.Contains(await Entries($"subject=alert/{alert}"), e => e.GetProperty("reason").GetString() == "a complaint of Müller");
    }

    private async Task<List<JsonElement>> Entries(string query) =>
        [.. (await city.Done(city.Admin, "GET", $"admin/audit?limit=200&{query}")).GetProperty("items").EnumerateArray()];
}
