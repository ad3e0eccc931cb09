using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Messaging;
using Sos.Contracts.Privacy;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Users;

namespace Sos.Server.Identity;

/// <summary>Opens and ends sessions: proof of an address → session, tokens; sign-out → everything of it dead.</summary>
internal sealed partial class SignIns(
    IGrainFactory grains, AccessTokens tokens, IdentitySeals seals, SessionChecks checks, TimeProvider time, IOptions<IdentityOptions> options, SecurityLog log, ILogger<SignIns> logger)
{
    private const int LongestDevice = 100;

    /// <summary>
    /// Opens a session for somebody who has proved who she is. Who signs in wants to stay: a deletion that she has asked for is called off. Null: it has been
    /// carried out just now, and the next sign-in makes a new account.
    /// </summary>
    public async Task<SignedIn?> Open(UserProfile profile, string? device, SignInMethod method = SignInMethod.Code)
    {
        if (!await grains.GetGrain<IAccountDeletionGrain>(profile.Id).Cancel()) return null;
        var sessionId = Guid.CreateVersion7(time.GetUtcNow());
        // Listed before it is open: a session that can be used can also be ended by its owner.
        foreach (var surplus in await grains.GetGrain<ISessionIndexGrain>(profile.Id).Add(sessionId)) await End(profile.Id, surplus);
        var session = await grains.GetGrain<ISessionGrain>(sessionId).Open(new OpenSession(profile.Id, Cut(device), method));
        log.Opened(profile.Id, sessionId, method);
        return (await Tokens(session, profile.Roles)) with { SosCredential = seals.SosCredential(sessionId, profile.Id), User = UserView.Of(profile) };
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
        if (profile is { Active: true }) return await Tokens(session, profile.Roles);
        await End(session.UserId, sessionId);
        return null;
    }

    /// <summary>The second factor has been proved in a session: tokens with the roles that waited for it; null when it has just ended.</summary>
    public async Task<SignedIn?> Strengthen(Guid userId, Guid sessionId)
    {
        var session = await grains.GetGrain<ISessionGrain>(sessionId).Strengthen();
        var profile = await grains.GetGrain<IUserGrain>(userId).Profile();
        checks.Doubt(userId);
        return session is not null && profile is { Active: true } ? await Tokens(session, profile.Roles) : null;
    }

    /// <summary>Ends a session for good.</summary>
    public async Task End(Guid userId, Guid sessionId)
    {
        await grains.GetGrain<ISessionGrain>(sessionId).Revoke();
        checks.Doubt(userId);
        await grains.GetGrain<ISessionIndexGrain>(userId).Remove(sessionId);
        log.Ended(userId, sessionId);
    }

    /// <summary>Ends every session of a user.</summary>
    public async Task EndAll(Guid userId)
    {
        foreach (var sessionId in await grains.GetGrain<ISessionIndexGrain>(userId).List()) await End(userId, sessionId);
        await EndApps(userId, null);
        checks.Doubt(userId);
    }

    /// <summary>Shuts an app of a user out, or every app: first its sessions end, then it leaves the list, so that what failed is found again.</summary>
    public async Task EndApps(Guid userId, Guid? clientId)
    {
        foreach (var sessionId in await grains.GetGrain<IAppGrantsGrain>(userId).Sessions(clientId)) await EndApp(userId, sessionId);
        await grains.GetGrain<IAppGrantsGrain>(userId).Remove(clientId);
    }

    /// <summary>Ends a session of an app.</summary>
    public async Task EndApp(Guid userId, Guid sessionId)
    {
        await grains.GetGrain<ISessionGrain>(sessionId).Revoke();
        checks.Doubt(userId);
    }

    /// <summary>Ends every session of a user but one.</summary>
    public async Task EndOthers(Guid userId, Guid sessionId)
    {
        foreach (var other in await grains.GetGrain<ISessionIndexGrain>(userId).List())
        {
            if (other != sessionId) await End(userId, other);
        }
    }

    /// <summary>Two have used one refresh token: the session has ended, and its owner hears of it.</summary>
    public async Task TellOfReuse(Guid userId, Guid sessionId)
    {
        LogReused(userId, sessionId);
        await End(userId, sessionId);
        await Tell(userId, TextTemplate.SessionReused, $"reuse/{sessionId}");
    }

    /// <summary>Tells a user that how she signs in has changed (OWASP ASVS 5.0, 6.3.7).</summary>
    public Task TellOfChange(Guid userId) => Tell(userId, TextTemplate.SignInChanged, $"sign-in/{userId}/{time.GetUtcNow().ToUnixTimeSeconds()}");

    /// <summary>Texts a user; what could not be sent is in the log.</summary>
    public async Task Tell(Guid userId, TextTemplate template, string key)
    {
        try
        {
            await grains.GetGrain<IUserGrain>(userId).Text(template, key);
        }
        catch (Exception trouble)
        {
            // What protects her has been done; the log keeps that she could not be told.
            LogNotTold(userId, trouble.GetType().Name);
        }
    }

    private async Task<SignedIn> Tokens(SessionView session, Roles roles)
    {
        var withheld = SecondFactorRules.Withheld(roles, session, options.Value);
        var (token, expiresAt) = tokens.Issue(session, roles & ~withheld);
        SecondFactorStep? next = withheld == 0 ? null
            : (await grains.GetGrain<ISecondFactorGrain>(session.UserId).View()).Active ? SecondFactorStep.Verify : SecondFactorStep.Enrol;
        return new SignedIn(token, expiresAt, seals.RefreshToken(session.Id, session.Generation), null, null, next);
    }

    private static string? Cut(string? device) => device is { Length: > LongestDevice } ? device[..LongestDevice] : device;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh token was used twice: session {Session} of user {User} was ended")]
    private partial void LogReused(Guid user, Guid session);

    [LoggerMessage(Level = LogLevel.Error, Message = "User {User} could not be told of a change to her sign-in or account ({Exception})")]
    private partial void LogNotTold(Guid user, string exception);
}
