using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Identity;

/// <summary>One signed-in device: a family of refresh tokens, of which only the newest is good. Key: session id.</summary>
[Alias("sos.identity.ISessionGrain")]
public interface ISessionGrain : IGrainWithGuidKey
{
    /// <summary>Opens the session; again: changes nothing.</summary>
    [Alias("Open")] Task<SessionView> Open(OpenSession command);

    /// <summary>Takes a refresh token in. A repeat by the same device within the grace gets the same successor; any later reuse ends the session.</summary>
    [Alias("Refresh")] Task<RefreshOutcome> Refresh(RefreshCommand command);

    /// <summary>Ends the session for good; again: changes nothing.</summary>
    [Alias("Revoke")] Task Revoke();

    /// <summary>The second factor has been proved in this session now; null when it has ended.</summary>
    [Alias("Strengthen")] Task<SessionView?> Strengthen();

    /// <summary>Remembers a ticket, in memory only; false when the session has ended.</summary>
    /// <param name="ticket">Random id of the ticket.</param>
    /// <param name="until">Until when it is good.</param>
    [Alias("IssueTicket")] Task<bool> IssueTicket(Guid ticket, DateTimeOffset until);

    /// <summary>Takes a ticket in, once; false when it was never given out, was used, is over, or the session has ended.</summary>
    [Alias("RedeemTicket")] Task<bool> RedeemTicket(Guid ticket);

    /// <summary>The session, or null when there is none or it has ended.</summary>
    [Alias("View"), AlwaysInterleave] Task<SessionView?> View();

    /// <summary>Deletes the record for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
