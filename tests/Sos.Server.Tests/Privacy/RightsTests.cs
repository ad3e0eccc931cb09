using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Sos.Server.Tests.Alerts;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Privacy;

/// <summary>What a person may have of her data: a copy, its end, and who has seen it.</summary>
public sealed class RightsTests
{
    private const string Place = """{"latitude":48.123457,"longitude":16.765432}""";

    [Fact]
    public async Task The_copy_holds_everything_that_is_kept_of_a_person_and_nothing_of_others_and_no_secret()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        var (person, alert) = await Life(server, admin, 1, "ytterbium");
        await Life(server, admin, 2, "xenotime");

        using var answer = await server.Send(HttpMethod.Get, "api/v1/users/me/export", (string?)null, "Bearer " + person.AccessToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Contains("no-store", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        var files = Unzip(await answer.Content.ReadAsByteArrayAsync());
        var photo = Assert.Single(files.Keys, name => name.StartsWith($"alerts/{alert}/", StringComparison.Ordinal));
        Assert.EndsWith(".jpg", photo, StringComparison.Ordinal);
        Assert.Equal((char)0xD8, files[photo][1]);
        Assert.Equal(
            new[] { "account.json", $"alerts/{alert}.json", "apps.json", "blocks.json", "contacts.json", "relatives.json", "responder.json", "seen.json", "sign-in.json", "trackers.json", "trail.json", "vetting.json", "zones.json" },
            files.Keys.Except([photo]).Order(StringComparer.Ordinal));
        foreach (var (name, content) in files.Where(file => file.Key != photo)) JsonDocument.Parse(content).Dispose();

        var whole = string.Join('\n', files.Values);
        string[] hers =
        [
            "ytterbium name", "ytterbium company", "pt-BR", TestNumbers.Number(9, 1), "ytterbium device", "ytterbium contact", "+49301110001", "+49302220001", "ytterbium sister", "ytterbium note", "ytterbium group",
            "48.123457", "16.765432", "ytterbium later", "Ytterbium", "hideRoute", "recoveryLeft", "hasPassword", person.User!.Id.ToString(), alert.ToString(),
        ];
        Assert.All(hers, canary => Assert.Contains(canary, whole, StringComparison.Ordinal));
        string[] never = ["xenotime", person.AccessToken, person.RefreshToken, person.SosCredential!, admin.User!.Id.ToString(), "generation", "hash"];
        Assert.All(never, canary => Assert.DoesNotContain(canary, whole, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_copy_and_the_end_need_a_fresh_sign_in()
    {
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        server.Time.Advance(TimeSpan.FromMinutes(16));
        var later = "Bearer " + (await SosServerHost.Session(await server.Refresh(person.RefreshToken))).AccessToken;
        foreach (var (method, path) in new[] { (HttpMethod.Get, "export"), (HttpMethod.Delete, "") })
        {
            using var refused = await server.Send(method, "api/v1/users/me/" + path, (string?)null, later);
            await SosServerHost.IsProblem(refused, 403, "recent-sign-in-required");
        }

        using var due = await server.Send(HttpMethod.Get, "api/v1/users/me/deletion", (string?)null, later);
        await SosServerHost.IsProblem(due, 404, "not-found");
    }

    [Fact]
    public async Task Who_asks_to_be_deleted_goes_off_duty_keeps_this_device_and_is_told_and_asks_nobody_to_stand_by_her()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        var (person, _) = await Life(server, admin, 1, "ytterbium");
        var other = await server.SignIn(1, "another device");
        person = await server.SignIn(1);
        await Done(server, HttpMethod.Put, "responders/me", """{"onDuty":true}""", person);

        var asked = await Done(server, HttpMethod.Delete, "users/me", null, person);
        Assert.Equal(server.Time.GetUtcNow().AddDays(7), asked.GetProperty("deletedAt").GetDateTimeOffset(), TimeSpan.FromMinutes(1));
        Assert.Equal(asked.GetRawText(), (await Done(server, HttpMethod.Delete, "users/me", null, person)).GetRawText());
        Assert.Equal(asked.GetRawText(), (await Done(server, HttpMethod.Get, "users/me/deletion", null, person)).GetRawText());
        Assert.False((await Done(server, HttpMethod.Get, "responders/me", null, person)).GetProperty("onDuty").GetBoolean());
        using (var ended = await server.Send(HttpMethod.Get, "api/v1/users/me", (string?)null, "Bearer " + other.AccessToken)) Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        using (var told = await server.Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString(TestNumbers.Number(9, 1)))) Assert.Contains("will be deleted", await told.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var invited = await server.Send(HttpMethod.Post, "api/v1/users/me/contacts", """{"name":"Vera","phone":"+49301110009"}""", "Bearer " + person.AccessToken)) await SosServerHost.IsProblem(invited, 409, "illegal-move");

        using (var kept = await server.Send(HttpMethod.Delete, "api/v1/users/me/deletion", (string?)null, "Bearer " + person.AccessToken)) Assert.Equal(HttpStatusCode.NoContent, kept.StatusCode);
        using (var none = await server.Send(HttpMethod.Get, "api/v1/users/me/deletion", (string?)null, "Bearer " + person.AccessToken)) await SosServerHost.IsProblem(none, 404, "not-found");

        await Done(server, HttpMethod.Delete, "users/me", null, person);
        person = await server.SignIn(1);
        using (var none = await server.Send(HttpMethod.Get, "api/v1/users/me/deletion", (string?)null, "Bearer " + person.AccessToken)) await SosServerHost.IsProblem(none, 404, "not-found");
    }

    [Fact]
    public async Task An_administrator_stays_until_another_has_taken_the_role_away()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        using var refused = await server.Send(HttpMethod.Delete, "api/v1/users/me", (string?)null, "Bearer " + admin.AccessToken);
        await SosServerHost.IsProblem(refused, 409, "illegal-move");
        Assert.Equal("admin", (await SosServerHost.Json(refused)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Who_has_seen_her_is_told_by_role_and_reason_and_never_by_name()
    {
        await using var server = await SosServerHost.Start();
        var admin = await server.Bootstrap();
        var (person, alert) = await Life(server, admin, 1, "ytterbium");
        var (stranger, _) = await Life(server, admin, 2, "xenotime");
        server.Time.Advance(TimeSpan.FromDays(1));
        admin = await server.SignIn(0);
        await Done(server, HttpMethod.Get, $"admin/users/{person.User!.Id}", null, admin);
        await Done(server, HttpMethod.Get, $"alerts/{alert}/track", null, admin);
        person = await server.SignIn(1);

        var seen = await Done(server, HttpMethod.Get, "users/me/seen", null, person);
        var items = seen.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("by").GetString()} {item.GetProperty("what").GetString()}").ToList();
        Assert.Equal("administrator route, administrator account", string.Join(", ", items[..2]));
        Assert.Contains("administrator alert", items);
        Assert.Contains("administrator handled", items);
        Assert.Contains("administrator account_changed", items);
        Assert.All(seen.GetProperty("items").EnumerateArray(), item => Assert.True(item.TryGetProperty("reason", out _)));
        Assert.DoesNotContain(admin.User!.Id.ToString(), seen.GetRawText(), StringComparison.Ordinal);
        Assert.False(seen.TryGetProperty("cursor", out _));

        // In pages: the same, each once.
        var (paged, cursor) = (new List<string>(), "");
        do
        {
            var page = await Done(server, HttpMethod.Get, "users/me/seen?limit=1" + cursor, null, person);
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()));
            cursor = page.TryGetProperty("cursor", out var next) ? "&cursor=" + next.GetString() : "";
        }
        while (cursor.Length > 0);
        Assert.Equal(seen.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()), paged);

        // Of the stranger's looks and alerts nothing.
        var others = await Done(server, HttpMethod.Get, "users/me/seen", null, await server.SignIn(2));
        Assert.DoesNotContain(alert.ToString(), others.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("route", others.GetRawText(), StringComparison.Ordinal);
        Assert.NotNull(stranger);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=x")]
    [InlineData("cursor=x")]
    [InlineData("cursor=AAAAAAAAAAA")]
    [InlineData("cursor=__________8")]
    [InlineData("cursor=%25%25%25%25%25%25%25%25%25%25%25")]
    public async Task A_page_that_is_none_is_refused(string query)
    {
        await using var server = await SosServerHost.Start();
        var person = await server.SignIn(1);
        using var refused = await server.Send(HttpMethod.Get, "api/v1/users/me/seen?" + query, (string?)null, "Bearer " + person.AccessToken);
        await SosServerHost.IsProblem(refused, 422, "invalid");
    }

    /// <summary>Somebody of whom every kind of record is kept, with one word in each text of hers; the alert is closed.</summary>
    internal static async Task<(SessionAnswer Person, Guid Alert)> Life(SosServerHost server, SessionAnswer admin, int number, string word)
    {
        var person = await server.SignIn(number, word + " device");
        await Done(server, HttpMethod.Patch, "users/me", $$"""{"fullName":"{{word}} name","company":"{{word}} company","language":"pt-BR"}""", person);
        await Done(server, HttpMethod.Post, "users/me/contacts", $$"""{"name":"{{word}} contact","phone":"+4930111000{{number}}","relationship":"{{word}} sister"}""", person);
        await Done(server, HttpMethod.Post, "users/me/blocks", $$"""{"phone":"+4930222000{{number}}"}""", person);
        await Done(server, HttpMethod.Post, "relatives/groups", $$"""{"name":"{{word}} group","members":[]}""", person);
        await Done(server, HttpMethod.Post, $"admin/responders/{person.User!.Id}", $$"""{"cleared":true,"capabilities":["medical"],"displayName":"{{char.ToUpperInvariant(word[0]) + word[1..]}}"}""", admin);
        var alert = Guid.CreateVersion7(server.Time.GetUtcNow());
        await Done(server, HttpMethod.Post, "alerts", $$"""{"id":"{{alert}}","kind":"medical","position":{{Place}},"note":"{{word}} note"}""", person);
        await Done(server, HttpMethod.Patch, $"alerts/{alert}", $$"""{"note":"{{word}} later"}""", person);
        await server.Attach(person, alert);
        await Done(server, HttpMethod.Get, $"alerts/{alert}", null, admin);
        await Done(server, HttpMethod.Post, "admin/actions", $$"""{"alertId":"{{alert}}","action":"close","reason":"over"}""", admin);
        await Settled(server, admin, alert);
        return (person, alert);
    }

    internal static async Task<JsonElement> Done(SosServerHost server, HttpMethod method, string path, string? body, SessionAnswer who)
    {
        using var answer = await server.Send(method, "api/v1/" + path, body, "Bearer " + who.AccessToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.Content.Headers.ContentLength is 0 ? default : await SosServerHost.Json(answer);
    }

    // Closed in the listing, and what staff did is in the audit.
    private static async Task Settled(SosServerHost server, SessionAnswer admin, Guid alert)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var look = 0; look < 6_000; look++)
        {
            var audit = await Done(server, HttpMethod.Get, $"admin/audit?subject=alert/{alert}", null, admin);
            if (audit.GetRawText().Contains("closed_alert", StringComparison.Ordinal)) return;
            await pace.WaitForNextTickAsync();
            server.Time.Advance(TimeSpan.FromMilliseconds(25));
        }

        Assert.Fail("The close never came into the audit.");
    }

    private static Dictionary<string, string> Unzip(byte[] content)
    {
        using var zip = new ZipArchive(new MemoryStream(content));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var reader = new StreamReader(entry.Open(), Encoding.Latin1);
            return reader.ReadToEnd();
        });
    }
}
