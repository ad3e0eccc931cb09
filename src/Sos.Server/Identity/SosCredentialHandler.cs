using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>Scheme <c>Sos</c>: the SOS credential, or an access token whether it has expired or not.</summary>
internal sealed class SosCredentialHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionChecks sessions,
    TimeProvider time) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private static readonly AuthenticateResult Forged = AuthenticateResult.Fail("No credential of ours.");
    private static readonly AuthenticateResult Over = AuthenticateResult.Fail("The credential's session has ended.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        VerifiedToken? token;
        if (Credentials.Sos(Request) is { } credential) token = sessions.FindSos(credential.Span);
        else if (Credentials.Bearer(Request) is { } text) token = sessions.FindAccess(text.Span);
        else return Credentials.Any(Request) ? Forged : AuthenticateResult.NoResult();
        if (token is null) return Forged;
        // What is forgiven to somebody in danger is not forgiven to an app.
        if (token.Granted is not null) return time.GetUtcNow() < token.ExpiresAt && await sessions.IsAlive(token) ? token.Sos : Over;
        return await sessions.IsAliveForSos(token) ? token.Sos : Over;
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await (await HandleAuthenticateOnceSafeAsync() == Forged ? RequestLimiting.RefuseForged(Context) : Credentials.Challenge(Context));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => new ProblemResult(ProblemKind.Forbidden).ExecuteAsync(Context);
}
