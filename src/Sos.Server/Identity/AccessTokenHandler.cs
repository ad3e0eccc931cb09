using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>Scheme <c>Bearer</c>: access tokens that have not expired, and on hubs and event streams tickets that were made with one.</summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionChecks sessions,
    ConnectionTickets tickets,
    TimeProvider time) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private static readonly AuthenticateResult Refused = AuthenticateResult.Fail("The access token is not valid.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credentials.Ticket(Request) is { } ticket) return await tickets.Redeem(ticket) is { } opened ? opened.Bearer : Refused;
        if (Credentials.Bearer(Request) is not { } text) return AuthenticateResult.NoResult();
        if (sessions.FindAccess(text.Span) is not { } token || time.GetUtcNow() >= token.ExpiresAt) return Refused;
        return await sessions.IsAlive(token) ? token.Bearer : Refused;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Credentials.Challenge(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => new ProblemResult(ProblemKind.Forbidden).ExecuteAsync(Context);
}
