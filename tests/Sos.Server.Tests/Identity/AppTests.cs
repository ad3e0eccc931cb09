using System.Net.Http.Headers;
using System.Text;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

/// <summary>The authorization code flow: what it opens, and everything that it refuses (OWASP ASVS 5.0, 10.4).</summary>
public sealed class AppTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _developer = null!;
    private SessionAnswer _user = null!;
    private AppFlow _app = null!;
    private AppFlow _confidential = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        (_developer, _user) = (await _server.SignIn(1), await _server.SignIn(2));
        _app = await AppFlow.Register(_server, _developer);
        _confidential = await AppFlow.Register(_server, _developer, confidential: true);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_user_is_asked_in_words_agrees_and_the_app_may_do_that_and_nothing_else()
    {
        using var question = await Get($"oauth/authorize?response_type=code&client_id={_app.ClientId}&redirect_uri={Uri.EscapeDataString(AppFlow.Back)}&scope=alerts:read%20profile:read&code_challenge={_app.Challenge}&code_challenge_method=S256&state=x", _user.AccessToken);
        var asked = await SosServerHost.Json(question);
        Assert.Equal("Walk home", asked.GetProperty("name").GetString());
        Assert.Equal(2, asked.GetProperty("scopes").EnumerateObject().Count());

        var sent = await _app.Sent(_user, "alerts:read profile:read");
        Assert.Equal("s 1", sent["state"]);
        Assert.True(sent.ContainsKey("iss"));
        using var answer = await _app.Token(_app.Form(sent["code"]));
        var tokens = await AppFlow.Tokens(answer);
        Assert.Equal("alerts:read profile:read", tokens.Scope);
        var claims = TokenForge.Json(tokens.AccessToken.Split('.')[1]);
        Assert.Equal((_app.ClientId.ToString(), tokens.Scope, _user.User!.Id.ToString()), (claims["client_id"]!.ToString(), claims["scope"]!.ToString(), claims["sub"]!.ToString()));

        Assert.Equal(200, await Status("alerts", tokens.AccessToken));
        Assert.Equal(200, await Status("users/me", tokens.AccessToken));
        using var contacts = await Get("users/me/contacts", tokens.AccessToken);
        await SosServerHost.IsProblem(contacts, 403, "insufficient-scope");
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"contacts:read\"", contacts.Headers.WwwAuthenticate.ToString());
        using var granted = await Get("users/me/apps", _user.AccessToken);
        Assert.Contains(_app.ClientId.ToString(), await granted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_agree_sends_the_app_away_and_opens_nothing()
    {
        var sent = await _app.Sent(_user, "alerts:read", approve: false);
        Assert.Equal(("access_denied", false), (sent["error"], sent.ContainsKey("code")));
        using var granted = await Get("users/me/apps", _user.AccessToken);
        Assert.Empty((await SosServerHost.Json(granted)).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("redirectUri", "https://app.example.org/back/")]
    [InlineData("redirectUri", "https://app.example.org/back?x=1")]
    [InlineData("redirectUri", "https://APP.example.org/back")]
    [InlineData("redirectUri", "http://app.example.org/back")]
    [InlineData("redirectUri", "https://app.example.org.evil.example/back")]
    [InlineData("codeChallengeMethod", "plain")]
    [InlineData("codeChallengeMethod", "s256")]
    [InlineData("codeChallengeMethod", "")]
    [InlineData("codeChallenge", "")]
    [InlineData("codeChallenge", "too-short")]
    [InlineData("codeChallenge", "################################ not base64url")]
    [InlineData("responseType", "token")]
    [InlineData("responseType", "code token")]
    [InlineData("scope", "")]
    [InlineData("scope", "api")]
    [InlineData("scope", "alerts:read admin")]
    [InlineData("scope", "ALERTS:READ")]
    [InlineData("clientId", "01890000-0000-7000-8000-000000000001")]
    public async Task A_request_that_is_wrong_is_told_to_the_page_and_sent_nowhere(string member, string value)
    {
        var consent = _app.Consent("alerts:read");
        consent[member] = value;
        using var answer = await _app.Authorize(_user, consent);
        await SosServerHost.IsProblem(answer, 422, "invalid");
        Assert.DoesNotContain("redirectTo", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code_verifier", "a-wrong-verifier-that-has-the-length-of-a-right-one")]
    [InlineData("code_verifier", "")]
    [InlineData("redirect_uri", "com.example.walk:/back")]
    [InlineData("redirect_uri", "")]
    [InlineData("code", "")]
    [InlineData("code", "AAAA")]
    public async Task A_code_is_good_for_the_verifier_and_the_address_it_was_asked_for_with(string field, string value)
    {
        var form = _app.Form(await _app.Code(_user, "alerts:read"));
        form[field] = value;
        await AppFlow.IsRefused(await _app.Token(form), "invalid_grant");
        Assert.Equal(0, await Granted());
    }

    [Fact]
    public async Task The_challenge_itself_is_no_verifier()
    {
        var form = _app.Form(await _app.Code(_user, "alerts:read"));
        form["code_verifier"] = _app.Challenge;
        await AppFlow.IsRefused(await _app.Token(form), "invalid_grant");
    }

    [Fact]
    public async Task A_code_of_one_app_is_worth_nothing_to_another()
    {
        var form = _confidential.Form(await _app.Code(_user, "alerts:read"));
        form["code_verifier"] = _app.Verifier;
        await AppFlow.IsRefused(await _confidential.Token(form), "invalid_grant");
        Assert.Equal(0, await Granted());
    }

    [Fact]
    public async Task A_code_is_good_once_and_a_second_use_ends_what_the_first_has_opened()
    {
        var form = _app.Form(await _app.Code(_user, "alerts:read"));
        using var first = await _app.Token(form);
        var tokens = await AppFlow.Tokens(first);
        Assert.Equal(200, await Status("alerts", tokens.AccessToken));
        await AppFlow.IsRefused(await _app.Token(form), "invalid_grant");
        Assert.Equal(401, await Status("alerts", tokens.AccessToken));
        await AppFlow.IsRefused(await _app.Token(_app.RefreshForm(tokens.RefreshToken)), "invalid_grant");
    }

    [Fact]
    public async Task Of_fifty_at_once_one_gets_tokens()
    {
        var form = _app.Form(await _app.Code(_user, "alerts:read"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _app.Token(form)));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_code_is_over_after_a_minute_and_with_a_restart()
    {
        var code = await _app.Code(_user, "alerts:read");
        _server.Time.Advance(TimeSpan.FromSeconds(60));
        await AppFlow.IsRefused(await _app.Token(_app.Form(code)), "invalid_grant");
        code = await _app.Code(_user, "alerts:read");
        await _server.Stop();
        await _server.Start();
        await AppFlow.IsRefused(await _app.Token(_app.Form(code)), "invalid_grant");
    }

    [Fact]
    public async Task A_confidential_app_proves_its_secret_in_one_of_two_ways()
    {
        var wrong = _confidential.Form(await _confidential.Code(_user, "alerts:read"));
        wrong["client_secret"] = "a wrong one";
        await AppFlow.IsRefused(await _confidential.Token(wrong), "invalid_client");
        wrong.Remove("client_secret");
        await AppFlow.IsRefused(await _confidential.Token(wrong), "invalid_client");
        var withSecret = _app.Form("AAAA");
        withSecret["client_secret"] = "a public client has none";
        await AppFlow.IsRefused(await _app.Token(withSecret), "invalid_client");

        var right = _confidential.Form(await _confidential.Code(_user, "alerts:read"));
        var basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{_confidential.ClientId}:{_confidential.Secret}")));
        await AppFlow.IsRefused(await _confidential.Token(right, basic), "invalid_request");
        right.Remove("client_secret");
        using var answer = await _confidential.Token(right, basic);
        await AppFlow.Tokens(answer);
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_lies_in_no_file()
    {
        using var own = await Get("apps", _developer.AccessToken);
        var listed = await own.Content.ReadAsStringAsync();
        Assert.Contains(_confidential.ClientId.ToString(), listed, StringComparison.Ordinal);
        Assert.DoesNotContain(_confidential.Secret!, listed, StringComparison.Ordinal);
        await _server.Stop();
        foreach (var file in Directory.EnumerateFiles(_server.DataDirectory, "*", SearchOption.AllDirectories))
        {
            Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.ASCII.GetBytes(_confidential.Secret!)) < 0, file);
        }

        await _server.Start();
    }

    [Fact]
    public async Task A_refresh_gives_no_more_than_was_agreed_to_and_less_where_less_is_asked_for()
    {
        var tokens = await _app.LetIn(_user, "alerts:read profile:read");
        await AppFlow.IsRefused(await _app.Token(_app.RefreshForm(tokens.RefreshToken, "alerts:read alerts:raise")), "invalid_scope");
        using var answer = await _app.Token(_app.RefreshForm(tokens.RefreshToken, "profile:read"));
        var less = await AppFlow.Tokens(answer);
        Assert.Equal((200, 403), (await Status("users/me", less.AccessToken), await Status("alerts", less.AccessToken)));
        using var again = await _app.Token(_app.RefreshForm(less.RefreshToken));
        Assert.Equal("alerts:read profile:read", (await AppFlow.Tokens(again)).Scope);
    }

    [Fact]
    public async Task A_refresh_token_rotates_is_the_apps_alone_and_its_reuse_ends_the_family()
    {
        var tokens = await _app.LetIn(_user, "alerts:read");
        await AppFlow.IsRefused(await _confidential.Token(_confidential.RefreshForm(tokens.RefreshToken)), "invalid_grant");
        await SosServerHost.IsProblem(await _server.Refresh(tokens.RefreshToken), 401, "session-ended");
        await AppFlow.IsRefused(await _app.Token(_app.RefreshForm(_user.RefreshToken)), "invalid_grant");
        using var answer = await _app.Token(_app.RefreshForm(tokens.RefreshToken));
        var next = await AppFlow.Tokens(answer);
        _server.Time.Advance(TimeSpan.FromSeconds(31));
        await AppFlow.IsRefused(await _app.Token(_app.RefreshForm(tokens.RefreshToken)), "invalid_grant");
        Assert.Equal(401, await Status("alerts", next.AccessToken));
        await AppFlow.IsRefused(await _app.Token(_app.RefreshForm(next.RefreshToken)), "invalid_grant");
        Assert.True((await _server.Refresh(_user.RefreshToken)).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("""{"name":"","redirectUris":["https://a.example/b"],"scopes":["alerts:read"]}""", "name")]
    [InlineData("""{"name":"x","redirectUris":[],"scopes":["alerts:read"]}""", "redirectUris")]
    [InlineData("""{"name":"x","redirectUris":["http://a.example/b"],"scopes":["alerts:read"]}""", "redirectUris")]
    [InlineData("""{"name":"x","redirectUris":["https://a.example/b#c"],"scopes":["alerts:read"]}""", "redirectUris")]
    [InlineData("""{"name":"x","redirectUris":["https://user@a.example/b"],"scopes":["alerts:read"]}""", "redirectUris")]
    [InlineData("""{"name":"x","redirectUris":["javascript:alert(1)"],"scopes":["alerts:read"]}""", "redirectUris")]
    [InlineData("""{"name":"x","redirectUris":["/back"],"scopes":["alerts:read"]}""", "redirectUris")]
    [InlineData("""{"name":"x","redirectUris":["https://a.example/b"],"scopes":[]}""", "scopes")]
    [InlineData("""{"name":"x","redirectUris":["https://a.example/b"],"scopes":["api"]}""", "scopes")]
    [InlineData("""{"name":"x","redirectUris":["https://a.example/b"],"scopes":["alerts:read"],"requestsAMinute":0}""", "requestsAMinute")]
    public async Task An_app_that_cannot_be_registered_is_told_why(string body, string named)
    {
        using var answer = await _server.Send(HttpMethod.Post, "api/v1/apps", body, "Bearer " + _developer.AccessToken);
        await SosServerHost.IsProblem(answer, 422, "invalid");
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_route_refuses_what_is_no_request_of_a_client()
    {
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Post, "api/v1/oauth/token", "{}"), 415, "unsupported-media-type");
        await AppFlow.IsRefused(await _server.Send(HttpMethod.Post, "api/v1/oauth/token", new StringContent(new string('a', 5_000) + "=b", Encoding.UTF8, "application/x-www-form-urlencoded"), null), "invalid_request");
        foreach (var grant in new[] { "password", "implicit", "client_credentials", "" })
        {
            var form = _app.Form("AAAA");
            form["grant_type"] = grant;
            await AppFlow.IsRefused(await _app.Token(form), "unsupported_grant_type");
        }

        using var twice = new StringContent($"grant_type=authorization_code&code=a&code=b&client_id={_app.ClientId}", Encoding.UTF8, "application/x-www-form-urlencoded");
        await AppFlow.IsRefused(await _server.Send(HttpMethod.Post, "api/v1/oauth/token", twice, null), "invalid_request");
        foreach (var header in new[] { "Basic", "Basic !!!", "Basic " + Convert.ToBase64String("no colon"u8), "Basic " + Convert.ToBase64String("x:y"u8) })
        {
            using var form = new StringContent("grant_type=refresh_token", Encoding.UTF8, "application/x-www-form-urlencoded");
            await AppFlow.IsRefused(await _server.Send(HttpMethod.Post, "api/v1/oauth/token", form, header), "invalid_client");
        }
    }

    private Task<HttpResponseMessage> Get(string path, string token) => _server.Send(HttpMethod.Get, "api/v1/" + path, authorization: "Bearer " + token);

    private async Task<int> Status(string path, string token)
    {
        using var answer = await Get(path, token);
        return (int)answer.StatusCode;
    }

    private async Task<int> Granted()
    {
        using var answer = await Get("users/me/apps", _user.AccessToken);
        return (await SosServerHost.Json(answer)).GetProperty("items").GetArrayLength();
    }
}
