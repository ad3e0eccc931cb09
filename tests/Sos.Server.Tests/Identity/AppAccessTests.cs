using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

/// <summary>What an app's token opens, how long, and who ends it.</summary>
public sealed class AppAccessTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _developer = null!;
    private SessionAnswer _user = null!;
    private AppFlow _app = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        (_developer, _user) = (await _server.SignIn(1), await _server.SignIn(2));
        _app = await AppFlow.Register(_server, _developer);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("user")]
    [InlineData("developer")]
    [InlineData("administrator")]
    [InlineData("signed out everywhere")]
    [InlineData("disabled")]
    public async Task Whoever_may_revoke_it_kills_its_tokens_at_once(string by)
    {
        var admin = await _server.Bootstrap();
        var tokens = await _app.LetIn(_user, "alerts:read alerts:raise");
        Assert.Equal(200, await Status("alerts", tokens.AccessToken));
        var (who, method, path, body) = by switch
        {
            "user" => (_user, "DELETE", $"users/me/apps/{_app.ClientId}", null),
            "developer" => (_developer, "DELETE", $"apps/{_app.ClientId}", null),
            "administrator" => (admin, "DELETE", $"admin/apps/{_app.ClientId}", null),
            "disabled" => (admin, "PATCH", $"admin/users/{_user.User!.Id}", """{"active":false}"""),
            _ => (admin, "DELETE", $"admin/users/{_user.User!.Id}/sessions", (string?)null),
        };
        using (var done = await _server.Send(new HttpMethod(method), "api/v1/" + path, body, "Bearer " + who.AccessToken)) Assert.True(done.IsSuccessStatusCode);

        Assert.Equal(401, await Status("alerts", tokens.AccessToken));
        using (var press = await _server.Send(HttpMethod.Post, "api/v1/alerts", "{}", "Bearer " + tokens.AccessToken)) Assert.Equal(401, (int)press.StatusCode);
        await AppFlow.IsRefused(await _app.Token(_app.RefreshForm(tokens.RefreshToken)), by is "developer" or "administrator" ? "invalid_client" : "invalid_grant");
    }

    [Fact]
    public async Task Nobody_revokes_the_app_of_another_and_nobody_shuts_out_for_another()
    {
        var tokens = await _app.LetIn(_user, "alerts:read");
        using (var foreign = await _server.Send(HttpMethod.Delete, $"api/v1/apps/{_app.ClientId}", authorization: "Bearer " + _user.AccessToken)) await SosServerHost.IsProblem(foreign, 404, "not-found");
        using (var other = await _server.Send(HttpMethod.Delete, $"api/v1/users/me/apps/{_app.ClientId}", authorization: "Bearer " + _developer.AccessToken)) Assert.Equal(204, (int)other.StatusCode);
        Assert.Equal(200, await Status("alerts", tokens.AccessToken));
    }

    [Fact]
    public async Task What_is_forgiven_to_somebody_in_danger_is_not_forgiven_to_an_app()
    {
        var tokens = await _app.LetIn(_user, "alerts:raise");
        using (var press = await _server.Send(HttpMethod.Post, "api/v1/alerts", "{}", "Bearer " + tokens.AccessToken)) Assert.Equal(201, (int)press.StatusCode);
        _server.Time.Advance(TimeSpan.FromMinutes(11));
        using (var late = await _server.Send(HttpMethod.Post, "api/v1/alerts", "{}", "Bearer " + tokens.AccessToken)) Assert.Equal(401, (int)late.StatusCode);
        using var own = await _server.Send(HttpMethod.Post, "api/v1/alerts", "{}", "Bearer " + _user.AccessToken);
        Assert.True(own.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_app_of_an_administrator_administers_nothing()
    {
        var admin = await _server.Bootstrap();
        var tokens = await _app.LetIn(admin, string.Join(' ', AppFlow.Scopes));
        Assert.Equal(["user"], TokenForge.Json(tokens.AccessToken.Split('.')[1])["role"]!.AsArray().Select(role => role!.ToString()));
        foreach (var path in new[] { $"admin/users/{_user.User!.Id}", "admin/board", "admin/audit", "auth/sessions", "auth/second-factor", "apps", "users/me/apps", "users/me/blocks" })
        {
            using var answer = await Get(path, tokens.AccessToken);
            await SosServerHost.IsProblem(answer, 403, "insufficient-scope");
        }
    }

    [Fact]
    public async Task An_app_has_its_own_quota_and_floods_nobodys_devices()
    {
        var small = await AppFlow.Register(_server, _developer, quota: 3);
        var tokens = await small.LetIn(_user, "profile:read");
        for (var left = 2; left >= 0; left--)
        {
            using var answer = await Get("users/me", tokens.AccessToken);
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Equal("\"app\";q=3;w=60", answer.Headers.GetValues("RateLimit-Policy").Single());
            Assert.Equal($"\"app\";r={left};t=60", answer.Headers.GetValues("RateLimit").Single());
        }

        using var tooMany = await Get("users/me", tokens.AccessToken);
        await SosServerHost.IsProblem(tooMany, 429, "too-many-requests");
        Assert.Equal(200, await Status("users/me", _user.AccessToken));
    }

    private Task<HttpResponseMessage> Get(string path, string token) => _server.Send(HttpMethod.Get, "api/v1/" + path, authorization: "Bearer " + token);

    private async Task<int> Status(string path, string token)
    {
        using var answer = await Get(path, token);
        return (int)answer.StatusCode;
    }
}
