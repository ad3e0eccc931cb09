using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;

namespace Sos.Server.Identity;

/// <summary>
/// Tickets that open one hub connection or event stream within 30 s, in place of a token in an address: who finds one in a log
/// finds it used.
/// </summary>
internal sealed class ConnectionTickets(IGrainFactory grains, IdentitySeals seals, SessionChecks sessions, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    /// <summary>A ticket for whoever holds a good access token; null when her session has just ended.</summary>
    public async Task<TicketAnswer?> Issue(VerifiedToken token)
    {
        var (user, until) = (token.User, time.GetUtcNow() + Life);
        var ticket = new ConnectionTicket(user.SessionId, user.Id, Guid.NewGuid(), until, token.ExpiresAt);
        return await grains.GetGrain<ISessionGrain>(user.SessionId).IssueTicket(ticket.Id, until) ? new TicketAnswer(seals.ConnectionTicket(ticket), until) : null;
    }

    /// <summary>Who comes with a ticket, with the roles of now; null when it is not good or not any more.</summary>
    public async Task<VerifiedToken?> Redeem(string text)
    {
        if (!seals.TryOpenConnection(text, out var ticket) || time.GetUtcNow() >= ticket.Until) return null;
        if (!await grains.GetGrain<ISessionGrain>(ticket.Session).RedeemTicket(ticket.Id)) return null;
        var token = new VerifiedToken(ticket.User, ticket.Session, Roles.User, ticket.ConnectionUntil);
        return await sessions.Ask(token) ? token : null;
    }
}
