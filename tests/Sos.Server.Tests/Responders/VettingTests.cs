using System.Net;
using System.Text.Json;
using Sos.Server.Hosting;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Responders;

/// <summary>Two administrators make a responder, and none alone does; suspension takes everything at once.</summary>
public sealed class VettingTests : IAsyncLifetime
{
    private const string Application = """{"capabilities":["medical","safety"],"displayName":"Ada","credentials":[{"kind":"paramedic licence","reference":"4711, Vienna","validUntil":"2028-01-31"}]}""";
    private const string Vouched = """{"cleared":true,"capabilities":["medical"],"displayName":"Ada","revision":1}""";
    private const string Suspended = """{"cleared":false,"capabilities":[],"displayName":"Ada"}""";
    private const string Here = """{"latitude":40.12,"longitude":-75.34,"accuracy":10}""";

    private SosServerHost _server = null!;
    private SessionAnswer _one = null!;
    private SessionAnswer _two = null!;
    private SessionAnswer _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start("--Sos:Responders:Approvals=2");
        _one = await _server.Bootstrap();
        (_two, _ada) = (await _server.SignIn(1), await _server.SignIn(2));
        await Done(_one, "PATCH", $"admin/users/{_two.User!.Id}", """{"roles":["user","admin"]}""");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Nobody_becomes_a_responder_by_one_administrator_or_by_herself()
    {
        await Refused(_one, "POST", Path, Vouched, 409, "no-application");
        await Refused(_one, "PATCH", $"admin/users/{_ada.User!.Id}", """{"roles":["user","responder"]}""", 422, "invalid");
        await Done(_ada, "POST", "responders/me/application", Application);
        Assert.Equal(HttpStatusCode.Accepted, await Status(_one, "POST", Path, Vouched));
        await Refused(_one, "POST", Path, Vouched, 409, "other-administrator-needed");
        await Refused(_ada, "PUT", "responders/me", """{"onDuty":true}""", 403, "forbidden");
        Assert.DoesNotContain(_one.User!.Id.ToString(), (await Done(_ada, "GET", "responders/me/application")).GetRawText(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await Status(_two, "POST", Path, Vouched));
        Assert.True((await Done(_ada, "PUT", "responders/me", """{"onDuty":true}""")).GetProperty("onDuty").GetBoolean());
        var mine = await Done(_ada, "GET", "responders/me/application");
        Assert.Equal(("admitted", false), (mine.GetProperty("clearance").GetString(), mine.TryGetProperty("application", out _)));
        Assert.Equal(["medical"], mine.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public async Task An_administrator_does_not_vouch_for_herself_and_not_for_what_she_has_not_seen()
    {
        await Done(_one, "POST", "responders/me/application", Application);
        await Refused(_one, "POST", $"admin/responders/{_one.User!.Id}", Vouched, 409, "other-administrator-needed");
        await Refused(_one, "POST", $"admin/responders/{_one.User.Id}/refusal", null, 409, "other-administrator-needed");
        await Done(_ada, "POST", "responders/me/application", Application);
        await Done(_ada, "POST", "responders/me/application", Application);
        await Refused(_one, "POST", Path, Vouched, 409, "stale-version");
        await Refused(_one, "POST", Path, """{"cleared":true,"capabilities":["fire"],"displayName":"Ada"}""", 422, "invalid");
        await Refused(_one, "POST", Path, """{"cleared":true,"capabilities":["medical"],"displayName":"Ada","validUntil":"2020-01-01T00:00:00Z"}""", 422, "invalid");
    }

    [Fact]
    public async Task Administrators_see_who_waits_and_what_she_shows_and_the_audit_sees_them()
    {
        await Done(_ada, "POST", "responders/me/application", Application);
        var waiting = Assert.Single((await Done(_one, "GET", "admin/responders/applications")).GetProperty("items").EnumerateArray());
        Assert.Equal(_ada.User!.Id, waiting.GetProperty("userId").GetGuid());
        var application = (await Done(_one, "GET", Path + "/application")).GetProperty("application");
        Assert.Equal("4711, Vienna", application.GetProperty("credentials")[0].GetProperty("reference").GetString());
        Assert.Equal((0, 2), (application.GetProperty("approvals").GetInt32(), application.GetProperty("needed").GetInt32()));
        Assert.Equal("refused", await RefusedAt());
        Assert.Empty((await Done(_one, "GET", "admin/responders/applications")).GetProperty("items").EnumerateArray());
        var audit = (await Done(_one, "GET", "admin/audit")).GetRawText();
        Assert.Contains("viewed_application", audit, StringComparison.Ordinal);
        Assert.Contains("refused_application", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_responder_loses_the_alert_and_everything_she_could_see_of_it_at_once()
    {
        await Done(_ada, "POST", "responders/me/application", Application);
        await Done(_one, "POST", Path, Vouched);
        await Done(_two, "POST", Path, Vouched);
        await Done(_ada, "PUT", "responders/me", """{"onDuty":true}""");
        var victim = await _server.SignIn(3);
        var alert = (await Done(victim, "POST", "alerts", $$"""{"kind":"medical","position":{{Here}}}""")).GetProperty("id").GetGuid();
        var assigned = await Done(_one, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"assign","responderId":"{{_ada.User!.Id}}","reason":"she is near"}""");
        await Done(_ada, "POST", $"alerts/{alert}/accept", $$"""{"version":{{assigned.GetProperty("version").GetInt64()}}}""");
        await Done(_ada, "POST", $"alerts/{alert}/en-route", $$"""{"version":{{assigned.GetProperty("version").GetInt64() + 1}}}""");
        await Done(_ada, "POST", $"alerts/{alert}/on-scene", $$"""{"version":{{assigned.GetProperty("version").GetInt64() + 1}}}""");

        await Done(_one, "POST", Path, Suspended);
        var view = await Done(_one, "GET", $"alerts/{alert}");
        Assert.Equal("offered", view.GetProperty("status").GetString());
        await Refused(_ada, "GET", $"alerts/{alert}", null, 404, "not-found");
        await Refused(_ada, "GET", $"alerts/{alert}/track", null, 404, "not-found");
        await Refused(_ada, "GET", "responders/me/inbox", null, 403, "forbidden");
        Assert.Contains("suspended: a test", (await Done(_one, "GET", $"alerts/{alert}/events")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await Status(_one, "POST", Path, Suspended));
    }

    [Theory]
    [InlineData("""{"capabilities":["magic"],"displayName":"Ada","credentials":[]}""", "capabilities")]
    [InlineData("""{"capabilities":[],"displayName":" ","credentials":[]}""", "displayName")]
    [InlineData("""{"capabilities":[],"displayName":"Ada","credentials":[{"kind":"","reference":"x"}]}""", "kind")]
    public async Task An_application_that_says_nothing_is_refused_by_name(string body, string named)
    {
        using var answer = await Ask(_ada, "POST", "responders/me/application", body);
        await SosServerHost.IsProblem(answer, 422, "invalid");
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void Production_refuses_one_approval()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<StartupException>(() => SosApplication.Build(
            ["--environment=Production", "--Sos:Messaging:Gateway=none", "--Sos:Orleans:AllowMemory=true", $"--Sos:DataDirectory={folder.Path}", "--Sos:Responders:Approvals=1"]));
        Assert.Contains("Sos:Responders:Approvals", refusal.Message, StringComparison.Ordinal);
    }

    private string Path => $"admin/responders/{_ada.User!.Id}";

    private async Task<string> RefusedAt()
    {
        var application = (await Done(_two, "POST", Path + "/refusal")).GetProperty("application");
        return application.TryGetProperty("refusedAt", out _) ? "refused" : "open";
    }

    private Task<HttpResponseMessage> Ask(SessionAnswer who, string method, string path, string? json = null) =>
        _server.Send(new HttpMethod(method), "api/v1/" + path, json, "Bearer " + who.AccessToken);

    private async Task<HttpStatusCode> Status(SessionAnswer who, string method, string path, string? json)
    {
        using var answer = await Ask(who, method, path, json);
        return answer.StatusCode;
    }

    private async Task<JsonElement> Done(SessionAnswer who, string method, string path, string? json = null)
    {
        using var answer = await Ask(who, method, path, json);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }

    private async Task Refused(SessionAnswer who, string method, string path, string? json, int status, string slug)
    {
        using var answer = await Ask(who, method, path, json);
        await SosServerHost.IsProblem(answer, status, slug);
    }
}
