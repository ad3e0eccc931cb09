using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Grains.Identity;
using Sos.Server.Http;
using Sos.Server.Users;

namespace Sos.Server.Identity;

/// <summary>
/// The authorization code flow (RFC 6749, 7636, 9207): the user agrees on a page of ours, in her own session; the app exchanges the code. The
/// token route speaks the OAuth way (form in, snake_case and <c>error</c> out), since it is for libraries of others.
/// </summary>
internal static class OAuthEndpoints
{
    private static readonly string[] GrantTypes = ["authorization_code", "refresh_token"];

    public static void MapOAuth(this IEndpointRouteBuilder routes)
    {
        var consent = routes.MapGroup("/oauth/authorize").WithTags("Apps").RequireAuthorization(Policies.User);
        consent.MapGet("", Ask).WithSummary("What an app asks me for; the page shows it");
        consent.MapPost("", Answer).WithSummary("I agree, or not: where the page goes now");
        var token = routes.MapGroup("/oauth/token").WithTags("Apps").AllowAnonymous();
        token.MapPost("", Token).WithSummary("Exchange a code or a refresh token (form; client_secret_basic, client_secret_post or a public client)")
            .Accepts<OAuthForm>("application/x-www-form-urlencoded").Produces<OAuthTokens>().Produces<OAuthError>(StatusCodes.Status400BadRequest).Produces<OAuthError>(StatusCodes.Status401Unauthorized);
    }

    private static async Task<Results<Ok<ConsentQuestion>, ProblemResult>> Ask(
        AppTokens apps,
        [FromQuery(Name = "response_type")] string? type = null,
        [FromQuery(Name = "client_id")] string? client = null,
        [FromQuery(Name = "redirect_uri")] string? address = null,
        [FromQuery(Name = "scope")] string? scope = null,
        [FromQuery(Name = "code_challenge")] string? challenge = null,
        [FromQuery(Name = "code_challenge_method")] string? method = null,
        [FromQuery(Name = "state")] string? state = null)
    {
        if (!Guid.TryParseExact(client, "D", out var id)) return ProblemResult.Invalid("client_id must be the id of an app.");
        var request = new AuthorizeRequest(id, address ?? "", scope ?? "", challenge ?? "", method ?? "plain", state, type ?? "");
        var (app, scopes, problem) = await apps.Read(request);
        return app is null ? ProblemResult.Invalid(problem)
            : TypedResults.Ok(new ConsentQuestion(app.Id, app.Draft.Name, request.RedirectUri, scopes.ToDictionary(name => name, name => AppScopes.All[name])));
    }

    private static async Task<Results<Ok<ConsentAnswer>, ProblemResult>> Answer(AuthorizeRequest request, CurrentUser user, IGrainFactory grains, AppTokens apps, IOptions<IdentityOptions> options)
    {
        var (app, scopes, problem) = await apps.Read(request);
        if (app is null) return ProblemResult.Invalid(problem);
        if (request.Approve && await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        var back = new Dictionary<string, string?> { ["state"] = request.State, ["iss"] = options.Value.Issuer };
        if (request.Approve) back["code"] = await apps.Offer(app, request, scopes, user.Id);
        else back["error"] = "access_denied";
        return TypedResults.Ok(new ConsentAnswer(QueryHelpers.AddQueryString(request.RedirectUri, back)));
    }

    private static async Task<JsonHttpResult<object>> Token(HttpRequest request, AppTokens apps)
    {
        if (await Form(request) is not { } form) return Refuse("invalid_request", "The form cannot be read.");
        if (form.Any(field => field.Value.Count != 1)) return Refuse("invalid_request", "A parameter is sent twice.");
        var (id, secret, twice) = ClientOf(request, form);
        if (twice) return Refuse("invalid_request", "Say who the client is in one way.");
        if (await apps.Client(id, secret) is not { } app) return Unknown(request);
        var type = form["grant_type"].ToString();
        if (!GrantTypes.Contains(type)) return Refuse("unsupported_grant_type", "grant_type is authorization_code or refresh_token.");
        var outcome = type == "refresh_token"
            ? await apps.Refresh(app, form["refresh_token"].ToString(), form.TryGetValue("scope", out var scope) ? scope.ToString() : null)
            : await apps.Exchange(app, form["code"].ToString(), form["redirect_uri"].ToString(), form["code_verifier"].ToString());
        return outcome.Tokens is { } tokens
            ? TypedResults.Json<object>(new OAuthTokens(tokens.AccessToken, "Bearer", tokens.ExpiresIn, tokens.RefreshToken, tokens.Scope))
            : Refuse(outcome.Error!, "What was sent is wrong, used, over, or another client's.");
    }

    private static async Task<IFormCollection?> Form(HttpRequest request)
    {
        if (!request.HasFormContentType) return null;
        try
        {
            return await request.ReadFormAsync();
        }
        catch (InvalidDataException)
        {
            // Too many fields, or too long ones.
            return null;
        }
    }

    // RFC 6749, 2.3.1.
    private static (string? Id, string? Secret, bool Twice) ClientOf(HttpRequest request, IFormCollection form)
    {
        var (id, secret) = (Field(form, "client_id"), Field(form, "client_secret"));
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return (id, secret, false);
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)) return (null, null, false);
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        if (parts.Length != 2) return (null, null, false);
        var basic = Uri.UnescapeDataString(parts[0]);
        return (basic, Uri.UnescapeDataString(parts[1]), secret is not null || id is not null && id != basic);
    }

    private static string? Field(IFormCollection form, string name) => form.TryGetValue(name, out var value) ? value.ToString() : null;

    private static JsonHttpResult<object> Unknown(HttpRequest request)
    {
        if (request.Headers.Authorization.Count > 0) request.HttpContext.Response.Headers.WWWAuthenticate = "Basic";
        return TypedResults.Json<object>(new OAuthError("invalid_client", "There is no such client, or it has not proved to be it."), statusCode: StatusCodes.Status401Unauthorized);
    }

    private static JsonHttpResult<object> Refuse(string error, string description) =>
        TypedResults.Json<object>(new OAuthError(error, description), statusCode: StatusCodes.Status400BadRequest);
}
