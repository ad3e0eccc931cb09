using Sos.Server.Users;

namespace Sos.Server.Identity;

/// <summary>Asks for a one-time code; one of the two.</summary>
/// <param name="Phone">Phone number in any common spelling.</param>
/// <param name="Email">E-mail address.</param>
public sealed record CodeRequest(string? Phone = null, string? Email = null);

/// <summary>Asks for another code in the same session.</summary>
/// <param name="SessionId">The newest that was answered.</param>
public sealed record ResendRequest(string SessionId);

/// <summary>
/// A code is on its way, unless the address has had its codes for now: whether it is known, and whether it has, is not told. If none
/// comes, ask again after the time, or with your other address.
/// </summary>
/// <param name="SessionId">Send it back with the code; opaque. A code is good in its session only.</param>
/// <param name="ResendAfterSeconds">Seconds until another code may be asked for.</param>
/// <param name="ExpiresAt">Until when the code is good.</param>
public sealed record CodeSent(string SessionId, int ResendAfterSeconds, DateTimeOffset ExpiresAt);

/// <summary>Brings the code.</summary>
/// <param name="SessionId">As answered by <c>/auth/otp</c>.</param>
/// <param name="Code">Six digits.</param>
/// <param name="Device">What the client calls its device, at most 100 characters; shown in the list of sessions.</param>
public sealed record VerifyRequest(string SessionId, string Code, string? Device = null);

/// <summary>Asks for new tokens.</summary>
/// <param name="RefreshToken">The newest refresh token.</param>
/// <param name="Device">What the client calls its device; a lost answer is repeated for 30 s to the device that sent the same.</param>
public sealed record RefreshRequest(string RefreshToken, string? Device = null);

/// <summary>Makes the first administrator.</summary>
/// <param name="Token">The token of <c>Sos:Bootstrap:Admin</c>, or of the link printed at the first start.</param>
/// <param name="Phone">Her phone number, or</param>
/// <param name="Email">her e-mail address.</param>
/// <param name="Device">What the client calls its device.</param>
public sealed record BootstrapRequest(string Token, string? Phone = null, string? Email = null, string? Device = null);

/// <summary>Signed in.</summary>
/// <param name="AccessToken">JWT for <c>Authorization: Bearer</c>.</param>
/// <param name="ExpiresAt">End of the access token.</param>
/// <param name="RefreshToken">Good once, for <c>/auth/refresh</c>.</param>
/// <param name="SosCredential">For <c>Authorization: Sos</c>: raises, positions and reads one's own alert until sign-out. Only at sign-in.</param>
/// <param name="User">Who. Only at sign-in.</param>
/// <param name="SecondFactor">Some of her roles wait for her second factor: <c>verify</c> it, or <c>enrol</c> one first; null: none does.</param>
public sealed record SignedIn(string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken, string? SosCredential, UserView? User, SecondFactorStep? SecondFactor = null);

/// <summary>What is next about the second factor.</summary>
public enum SecondFactorStep
{
    /// <summary>Bring a code.</summary>
    Verify,

    /// <summary>Set one up.</summary>
    Enrol,
}

/// <summary>A signed-in device.</summary>
/// <param name="Id">Session id.</param>
/// <param name="Device">What it called itself.</param>
/// <param name="OpenedAt">Sign-in.</param>
/// <param name="UsedAt">Last refresh.</param>
/// <param name="Current">The one that asks.</param>
public sealed record SessionEntry(Guid Id, string? Device, DateTimeOffset OpenedAt, DateTimeOffset UsedAt, bool Current);

/// <summary>The sessions of a user.</summary>
/// <param name="Sessions">Oldest first.</param>
public sealed record SessionList(IReadOnlyList<SessionEntry> Sessions);

/// <summary>A ticket in place of a token in an address.</summary>
/// <param name="Ticket">For <c>?ticket=</c> on a hub or the event stream; good once.</param>
/// <param name="ExpiresAt">Until when it may be used. What it opens ends with the access token it was asked for with.</param>
public sealed record TicketAnswer(string Ticket, DateTimeOffset ExpiresAt);
