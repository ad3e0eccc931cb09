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
    private static readonly AuthenticateResult Forged = AuthenticateResult.Fail("No access token of ours.");
    private static readonly AuthenticateResult Over = AuthenticateResult.Fail("The access token, or its session, has ended.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credentials.Ticket(Request) is { } ticket) return await tickets.Redeem(ticket) is { } opened ? opened.Bearer : Forged;
        if (Credentials.Bearer(Request) is not { } text) return Credentials.Any(Request) ? Forged : AuthenticateResult.NoResult();
        if (sessions.FindAccess(text.Span) is not { } token) return Forged;
        return time.GetUtcNow() < token.ExpiresAt && await sessions.IsAlive(token) ? token.Bearer : Over;
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await (await HandleAuthenticateOnceSafeAsync() == Forged ? RequestLimiting.RefuseForged(Context) : Credentials.Challenge(Context));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => new ProblemResult(ProblemKind.Forbidden).ExecuteAsync(Context);
}
