using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>Scheme <c>Bearer</c>: access tokens that have not expired.</summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionChecks sessions,
    TimeProvider time) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private static readonly AuthenticateResult Refused = AuthenticateResult.Fail("The access token is not valid.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credentials.Bearer(Request) is not { } text) return AuthenticateResult.NoResult();
        if (sessions.FindAccess(text.Span) is not { } token || time.GetUtcNow() >= token.ExpiresAt) return Refused;
        return await sessions.IsAlive(token) ? token.Bearer : Refused;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Credentials.Challenge(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => new ProblemResult(ProblemKind.Forbidden).ExecuteAsync(Context);
}
