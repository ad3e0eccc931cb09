using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;

namespace Sos.Server.Identity;

/// <summary>
/// Tokens that this process has verified, and whether their sessions are still open. A known token costs one look-up; its session is
/// asked for once in <see cref="IdentityOptions.SessionTrust"/>, and at once where this process has ended or changed something.
/// </summary>
internal sealed partial class SessionChecks(
    AccessTokens tokens,
    IdentitySeals seals,
    IGrainFactory grains,
    TimeProvider time,
    IOptions<IdentityOptions> options,
    ILogger<SessionChecks> logger)
{
    /// <summary>An SOS waits no longer for the question whether its session is open.</summary>
    private static readonly TimeSpan SosPatience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, VerifiedToken> _known = new(StringComparer.Ordinal);

    /// <summary>A verified access token, expired or not, or null.</summary>
    public VerifiedToken? FindAccess(ReadOnlySpan<char> token)
    {
        if (_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var known)) return known;
        var text = token.ToString();
        return tokens.Read(text) is { } verified ? Keep(text, verified) : null;
    }

    /// <summary>A verified SOS credential, or null.</summary>
    public VerifiedToken? FindSos(ReadOnlySpan<char> credential)
    {
        if (_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(credential, out var known)) return known;
        var text = credential.ToString();
        return seals.TryOpenSos(text, out var session, out var user) ? Keep(text, new VerifiedToken(user, session, Roles.User, DateTimeOffset.MaxValue)) : null;
    }

    /// <summary>Whether the session is open and the account active.</summary>
    public ValueTask<bool> IsAlive(VerifiedToken token) =>
        token.IsFresh(time.GetUtcNow(), options.Value.SessionTrust) ? ValueTask.FromResult(!token.IsDead) : new ValueTask<bool>(Ask(token));

    /// <summary>As <see cref="IsAlive"/>, but an SOS is let in when the answer does not come in time.</summary>
    public ValueTask<bool> IsAliveForSos(VerifiedToken token) =>
        token.IsFresh(time.GetUtcNow(), options.Value.SessionTrust) ? ValueTask.FromResult(!token.IsDead) : new ValueTask<bool>(AskForSos(token));

    /// <summary>Asks now, whatever is remembered: for the routes of staff.</summary>
    public async Task<bool> Ask(VerifiedToken token)
    {
        var (now, user) = (time.GetUtcNow(), token.User);
        var session = grains.GetGrain<ISessionGrain>(user.SessionId).View();
        var profile = await grains.GetGrain<IUserGrain>(user.Id).Profile();
        if (await session is not { } open || open.UserId != user.Id || profile is not { Active: true })
        {
            token.Refuse(now);
            return false;
        }

        if (open.App is not null || token.Granted is not null) return await AskForApp(token, open, now);
        var withheld = SecondFactorRules.Withheld(profile.Roles, open, options.Value);
        token.Confirm(open, profile.Roles & ~withheld, withheld, profile.Areas, now);
        return true;
    }

    /// <summary>An app was revoked: every token of its users is asked for again.</summary>
    public void DoubtApp(Guid clientId)
    {
        foreach (var (_, token) in _known)
        {
            if (token.Granted?.ClientId == clientId) token.Doubt();
        }
    }

    /// <summary>Whether the session of a token that was just asked for has proved its second factor lately enough.</summary>
    public bool IsSteppedUp(VerifiedToken token) => token.Session is { } session && SecondFactorRules.IsSteppedUp(session, time.GetUtcNow(), options.Value);

    /// <summary>Asks for the session of a token, and whether it was opened lately enough to change how its user signs in.</summary>
    public async Task<bool> IsNew(VerifiedToken token) => await Ask(token) && SecondFactorRules.IsNew(token.Session!, time.GetUtcNow(), options.Value);

    /// <summary>A session or an account of this user has changed: every token of hers is asked for again.</summary>
    public void Doubt(Guid userId)
    {
        foreach (var (_, token) in _known)
        {
            if (token.User.Id == userId) token.Doubt();
        }
    }

    // Good while the app is, for what both the token and the user's consent say.
    private async Task<bool> AskForApp(VerifiedToken token, SessionView open, DateTimeOffset now)
    {
        if (open.App is { } session && token.Granted is { } granted && session.ClientId == granted.ClientId
            && await grains.GetGrain<IAppGrain>(granted.ClientId).View() is { } app)
        {
            token.Confirm(open, new AppAccess(app.Id, [.. granted.Scopes.Intersect(session.Scopes, StringComparer.Ordinal)], app.Draft.RequestsAMinute), now);
            return true;
        }

        token.Refuse(now);
        return false;
    }

    private async Task<bool> AskForSos(VerifiedToken token)
    {
        try
        {
            return await Ask(token).WaitAsync(SosPatience, time);
        }
        catch (Exception trouble)
        {
            // Whatever is wrong with sessions, it does not keep a signed token's owner from calling for help.
            LogLetIn(trouble.GetType().Name);
            return true;
        }
    }

    private VerifiedToken Keep(string text, VerifiedToken token)
    {
        if (_known.Count >= options.Value.TokenCacheSize) MakeRoom();
        return _known.GetOrAdd(text, token);
    }

    private void MakeRoom()
    {
        var (now, trust) = (time.GetUtcNow(), options.Value.SessionTrust);
        foreach (var (text, token) in _known)
        {
            if (!token.IsFresh(now, trust)) _known.TryRemove(text, out _);
        }

        // All in use at once: they are verified again, one by one.
        if (_known.Count >= options.Value.TokenCacheSize) _known.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An SOS was let in although its session could not be looked at ({Exception})")]
    private partial void LogLetIn(string exception);
}
