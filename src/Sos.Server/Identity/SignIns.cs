using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Messaging;
using Sos.Contracts.Users;
using Sos.Server.Users;

namespace Sos.Server.Identity;

/// <summary>Opens and ends sessions: proof of an address → session, tokens; sign-out → everything of it dead.</summary>
internal sealed partial class SignIns(IGrainFactory grains, AccessTokens tokens, IdentitySeals seals, SessionChecks checks, TimeProvider time, ILogger<SignIns> logger)
{
    private const int LongestDevice = 100;

    /// <summary>Opens a session for somebody who has proved who she is.</summary>
    public async Task<SignedIn> Open(UserProfile profile, string? device)
    {
        var sessionId = Guid.CreateVersion7(time.GetUtcNow());
        // Listed before it is open: a session that can be used can also be ended by its owner.
        foreach (var surplus in await grains.GetGrain<ISessionIndexGrain>(profile.Id).Add(sessionId)) await End(profile.Id, surplus);
        var session = await grains.GetGrain<ISessionGrain>(sessionId).Open(new OpenSession(profile.Id, Cut(device)));
        return Tokens(session, profile.Roles) with { SosCredential = seals.SosCredential(sessionId, profile.Id), User = UserView.Of(profile) };
    }

    /// <summary>Exchanges a refresh token; null when it is not good or its session has ended.</summary>
    public async Task<SignedIn?> Refresh(string refreshToken, string? device)
    {
        if (!seals.TryOpenRefresh(refreshToken, out var sessionId, out var generation)) return null;
        var outcome = await grains.GetGrain<ISessionGrain>(sessionId).Refresh(new RefreshCommand(generation, Cut(device)));
        if (outcome is { Reused: true, UserId: { } owner })
        {
            await TellOfReuse(owner, sessionId);
            return null;
        }

        if (outcome.Session is not { } session) return null;
        var profile = await grains.GetGrain<IUserGrain>(session.UserId).Profile();
        if (profile is { Active: true }) return Tokens(session, profile.Roles);
        await End(session.UserId, sessionId);
        return null;
    }

    /// <summary>Ends a session for good.</summary>
    public async Task End(Guid userId, Guid sessionId)
    {
        await grains.GetGrain<ISessionGrain>(sessionId).Revoke();
        checks.Doubt(userId);
        await grains.GetGrain<ISessionIndexGrain>(userId).Remove(sessionId);
    }

    /// <summary>Ends every session of a user.</summary>
    public async Task EndAll(Guid userId)
    {
        foreach (var sessionId in await grains.GetGrain<ISessionIndexGrain>(userId).List()) await End(userId, sessionId);
        checks.Doubt(userId);
    }

    /// <summary>Two have used one refresh token: the session has ended, and its owner hears of it.</summary>
    private async Task TellOfReuse(Guid userId, Guid sessionId)
    {
        LogReused(userId, sessionId);
        await End(userId, sessionId);
        try
        {
            await grains.GetGrain<IUserGrain>(userId).Text(TextTemplate.SessionReused, $"reuse/{sessionId}");
        }
        catch (Exception trouble)
        {
            // The session has ended, which is what protects her; the log keeps that she could not be told.
            LogNotTold(userId, trouble.GetType().Name);
        }
    }

    private SignedIn Tokens(SessionView session, Roles roles)
    {
        var (token, expiresAt) = tokens.Issue(session, roles);
        return new SignedIn(token, expiresAt, seals.RefreshToken(session.Id, session.Generation), null, null);
    }

    private static string? Cut(string? device) => device is { Length: > LongestDevice } ? device[..LongestDevice] : device;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh token was used twice: session {Session} of user {User} was ended")]
    private partial void LogReused(Guid user, Guid session);

    [LoggerMessage(Level = LogLevel.Error, Message = "User {User} could not be told that her session was ended ({Exception})")]
    private partial void LogNotTold(Guid user, string exception);
}
