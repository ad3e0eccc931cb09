using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

/// <summary>An app of a developer, as its library would go through the authorization code flow.</summary>
internal sealed class AppFlow(SosServerHost server, Guid clientId, string? secret)
{
    public const string Back = "https://app.example.org/back";
    public static readonly string[] Scopes = ["profile:read", "alerts:read", "alerts:raise", "position:write", "contacts:read", "contacts:write"];

    public Guid ClientId => clientId;

    public string? Secret => secret;

    /// <summary>PKCE verifier of this app's next request.</summary>
    public string Verifier { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>Registers an app.</summary>
    public static async Task<AppFlow> Register(SosServerHost server, SessionAnswer developer, bool confidential = false, int? quota = null)
    {
        var body = JsonSerializer.Serialize(new { name = "Walk home", redirectUris = new[] { Back, "com.example.walk:/back" }, scopes = Scopes, confidential });
        if (quota is { } q) body = body[..^1] + $",\"requestsAMinute\":{q}}}";
        using var answer = await server.Send(HttpMethod.Post, "api/v1/apps", body, "Bearer " + developer.AccessToken);
        Assert.Equal(201, (int)answer.StatusCode);
        var app = await SosServerHost.Json(answer);
        return new AppFlow(server, app.GetProperty("clientId").GetGuid(), app.TryGetProperty("clientSecret", out var kept) ? kept.GetString() : null);
    }

    /// <summary>What the page sends when the user has agreed; a test changes one thing of it.</summary>
    public Dictionary<string, object?> Consent(string scope, bool approve = true) => new()
    {
        ["clientId"] = clientId,
        ["redirectUri"] = Back,
        ["scope"] = scope,
        ["codeChallenge"] = Challenge,
        ["codeChallengeMethod"] = "S256",
        ["state"] = "s 1",
        ["approve"] = approve,
    };

    public Task<HttpResponseMessage> Authorize(SessionAnswer user, Dictionary<string, object?> consent) =>
        server.Send(HttpMethod.Post, "api/v1/oauth/authorize", JsonSerializer.Serialize(consent), "Bearer " + user.AccessToken);

    /// <summary>The parameters that the app's address gets.</summary>
    public async Task<Dictionary<string, string>> Sent(SessionAnswer user, string scope, bool approve = true)
    {
        using var answer = await Authorize(user, Consent(scope, approve));
        Assert.Equal(200, (int)answer.StatusCode);
        var to = new Uri((await SosServerHost.Json(answer)).GetProperty("redirectTo").GetString()!);
        Assert.Equal(Back, to.GetLeftPart(UriPartial.Path));
        return QueryHelpers.ParseQuery(to.Query).ToDictionary(field => field.Key, field => field.Value.ToString());
    }

    public async Task<string> Code(SessionAnswer user, string scope) => (await Sent(user, scope))["code"];

    /// <summary>What the app sends for a code; a test changes one thing of it.</summary>
    public Dictionary<string, string> Form(string code) => With(new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = Back, ["code_verifier"] = Verifier });

    public Dictionary<string, string> RefreshForm(string refreshToken, string? scope = null)
    {
        var form = With(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken });
        if (scope is not null) form["scope"] = scope;
        return form;
    }

    public Task<HttpResponseMessage> Token(Dictionary<string, string> form, AuthenticationHeaderValue? basic = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/oauth/token") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = basic;
        return server.Http.SendAsync(request);
    }

    /// <summary>The whole flow.</summary>
    public async Task<AppSignIn> LetIn(SessionAnswer user, string scope)
    {
        using var answer = await Token(Form(await Code(user, scope)));
        return await Tokens(answer);
    }

    public static async Task<AppSignIn> Tokens(HttpResponseMessage answer)
    {
        var body = await SosServerHost.Json(answer);
        Assert.True(answer.IsSuccessStatusCode, body.GetRawText());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("Bearer", body.GetProperty("token_type").GetString());
        return new AppSignIn(body.GetProperty("access_token").GetString()!, body.GetProperty("refresh_token").GetString()!, body.GetProperty("scope").GetString()!);
    }

    /// <summary>Checks a refusal of the token route.</summary>
    public static async Task IsRefused(HttpResponseMessage answer, string error)
    {
        Assert.Equal((error == "invalid_client" ? 401 : 400, error), ((int)answer.StatusCode, (await SosServerHost.Json(answer)).GetProperty("error").GetString()));
    }

    private Dictionary<string, string> With(Dictionary<string, string> form)
    {
        form["client_id"] = clientId.ToString();
        if (secret is not null) form["client_secret"] = secret;
        return form;
    }
}

/// <summary>Tokens of an app.</summary>
internal sealed record AppSignIn(string AccessToken, string RefreshToken, string Scope);
