using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;

namespace Sos.Server.Identity;

/// <summary>What a request for tokens came to.</summary>
/// <param name="Error">RFC 6749, 5.2; null when there are tokens.</param>
/// <param name="Tokens">The tokens.</param>
internal sealed record AppTokenOutcome(string? Error, AppTokenAnswer? Tokens = null);

/// <summary>Tokens of an app (RFC 6749, 5.1).</summary>
internal sealed record AppTokenAnswer(string AccessToken, long ExpiresIn, string RefreshToken, string Scope);

/// <summary>
/// Codes and tokens of apps: a code is good once, for 60 s, for the app, the address and the PKCE challenge that it was asked for with; whoever
/// brings one a second time gets nothing and ends what the first got. Refresh tokens are those of every session (decision 7).
/// </summary>
internal sealed class AppTokens(IGrainFactory grains, AccessTokens tokens, IdentitySeals seals, SignIns signIns, TimeProvider time, IOptions<IdentityOptions> options)
{
    /// <summary>Life of a code (OWASP ASVS 5.0, 10.4.3, level 3).</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromSeconds(60);

    private const int ChallengeLength = 43;
    private const int ShortestVerifier = 43;
    private const int LongestVerifier = 128;
    private const string InvalidGrant = "invalid_grant";
    private const string InvalidScope = "invalid_scope";

    /// <summary>The app that may ask a user for that; null with the reason where it may not. Nobody is sent anywhere for a request that is wrong.</summary>
    public async Task<(AppView? App, IReadOnlyList<string> Scopes, string Problem)> Read(AuthorizeRequest request)
    {
        var scopes = request.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
        var app = await grains.GetGrain<IAppGrain>(request.ClientId).View();
        var problem = app is null ? "There is no such app."
            : !app.Draft.RedirectUris.Contains(request.RedirectUri, StringComparer.Ordinal) ? "redirectUri is none of the app's."
            : request.ResponseType != "code" ? "responseType must be code."
            : request.CodeChallengeMethod != "S256" ? "codeChallengeMethod must be S256."
            : request.CodeChallenge.Length != ChallengeLength || !Base64Url.IsValid(request.CodeChallenge) ? "codeChallenge must be the S256 of a verifier, 43 characters."
            : scopes.Count == 0 || scopes.Except(app.Draft.Scopes).Any() ? "scope must be some of the app's."
            : request.State is { Length: > 500 } ? "state takes at most 500 characters."
            : "";
        return (problem.Length == 0 ? app : null, scopes, problem);
    }

    /// <summary>A code for an app that the user has agreed to.</summary>
    public async Task<string> Offer(AppView app, AuthorizeRequest request, IEnumerable<string> scopes, Guid user)
    {
        var now = time.GetUtcNow();
        var code = new PendingCode(
            new Guid(RandomNumberGenerator.GetBytes(16)), app.Id, request.RedirectUri, [.. scopes], request.CodeChallenge, Guid.CreateVersion7(now), now + CodeLife);
        await grains.GetGrain<IAppGrantsGrain>(user).Offer(code);
        return seals.AuthorizationCode(user, code.Code, code.Session);
    }

    /// <summary>The app that a client has proved to be; null when it is none, was revoked, or its secret is wrong.</summary>
    public async Task<AppView?> Client(string? clientId, string? secret)
    {
        if (!Guid.TryParseExact(clientId, "D", out var id) || await grains.GetGrain<IAppGrain>(id).View() is not { } app) return null;
        if (app.Draft.SecretHash is not { } hash) return secret is null ? app : null;
        return secret is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(seals.ClientSecretHash(id, secret))) ? app : null;
    }

    /// <summary>Exchanges a code.</summary>
    public async Task<AppTokenOutcome> Exchange(AppView app, string code, string redirectUri, string verifier)
    {
        if (!seals.TryOpenAuthorizationCode(code, out var userId, out var id, out var sessionId)) return new AppTokenOutcome(InvalidGrant);
        var apps = grains.GetGrain<IAppGrantsGrain>(userId);
        if (await apps.Redeem(id) is not { } pending)
        {
            // A second use, or one after its time: what the first has opened ends. Where nothing was opened this changes nothing.
            await signIns.EndApp(userId, sessionId);
            return new AppTokenOutcome(InvalidGrant);
        }

        if (pending.ClientId != app.Id || !string.Equals(pending.RedirectUri, redirectUri, StringComparison.Ordinal) || !Fits(verifier, pending.Challenge)) return new AppTokenOutcome(InvalidGrant);
        if (await grains.GetGrain<IUserGrain>(userId).Profile() is not { Active: true }) return new AppTokenOutcome(InvalidGrant);

        // Listed before it is open: a session that can be used can also be ended by its user.
        foreach (var surplus in await apps.Grant(new AppGrant(app.Id, app.Draft.Name, pending.Scopes, sessionId, time.GetUtcNow()))) await signIns.EndApp(userId, surplus);
        var session = await grains.GetGrain<ISessionGrain>(sessionId).Open(new OpenSession(userId, app.Draft.Name, SignInMethod.App, new AppSession(app.Id, pending.Scopes)));
        return new AppTokenOutcome(null, Tokens(session, pending.Scopes));
    }

    /// <summary>Exchanges a refresh token; for no more than the user has agreed to, and for less where the app asks for less.</summary>
    public async Task<AppTokenOutcome> Refresh(AppView app, string refreshToken, string? scope)
    {
        if (!seals.TryOpenRefresh(refreshToken, out var sessionId, out var generation)) return new AppTokenOutcome(InvalidGrant);
        var grain = grains.GetGrain<ISessionGrain>(sessionId);
        if (await grain.View() is not { App: { } granted } || granted.ClientId != app.Id) return new AppTokenOutcome(InvalidGrant);
        var scopes = scope is null ? granted.Scopes : [.. scope.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        if (scopes.IsEmpty || scopes.Except(granted.Scopes).Any()) return new AppTokenOutcome(InvalidScope);
        var outcome = await grain.Refresh(new RefreshCommand(generation, app.Id.ToString("N"), app.Id));
        if (outcome is { Reused: true, UserId: { } owner }) await signIns.TellOfReuse(owner, sessionId);
        if (outcome.Session is not { } session) return new AppTokenOutcome(InvalidGrant);
        if (await grains.GetGrain<IUserGrain>(session.UserId).Profile() is { Active: true }) return new AppTokenOutcome(null, Tokens(session, scopes));
        await signIns.EndApp(session.UserId, sessionId);
        return new AppTokenOutcome(InvalidGrant);
    }

    private AppTokenAnswer Tokens(SessionView session, ImmutableArray<string> scopes)
    {
        var (token, _) = tokens.Issue(session, Roles.User, scopes);
        return new AppTokenAnswer(token, (long)options.Value.AccessLife.TotalSeconds, seals.RefreshToken(session.Id, session.Generation), string.Join(' ', scopes));
    }

    // RFC 7636, 4.6: base64url(SHA-256(verifier)).
    private static bool Fits(string verifier, string challenge) =>
        verifier.Length is >= ShortestVerifier and <= LongestVerifier && verifier.All(char.IsAscii)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(challenge), Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))));
}
