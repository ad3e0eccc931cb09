using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;

namespace Sos.Server.Identity;

/// <summary>A token whose signature or seal is good, with what is known about its session; remembered so that the next request costs a look-up.</summary>
internal sealed class VerifiedToken
{
    private long _checkedAt;
    private volatile CurrentUser _user;

    public VerifiedToken(Guid userId, Guid sessionId, Roles roles, DateTimeOffset expiresAt, AppAccess? app = null)
    {
        _user = new CurrentUser(userId, sessionId, roles, ImmutableArray<string>.Empty, App: app);
        Granted = app;
        ExpiresAt = expiresAt;
        var principal = new ClaimsPrincipal(new SosIdentity(this));
        Bearer = AuthenticateResult.Success(new AuthenticationTicket(principal, Policies.BearerScheme));
        Sos = AuthenticateResult.Success(new AuthenticationTicket(principal, Policies.SosScheme));
    }

    public CurrentUser User => _user;

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The app that it was given to, with the scopes that it was given for; null: the user's own device.</summary>
    public AppAccess? Granted { get; }

    /// <summary>The session has ended or the account is inactive, when last asked.</summary>
    public bool IsDead { get; private set; }

    /// <summary>The session, as it was when last asked; null before that.</summary>
    public SessionView? Session { get; private set; }

    public AuthenticateResult Bearer { get; }

    public AuthenticateResult Sos { get; }

    /// <summary>Binds a handler's parameter; the route's policy has made sure that there is somebody.</summary>
    public static ValueTask<VerifiedToken?> BindAsync(HttpContext context) => ValueTask.FromResult((context.User.Identity as SosIdentity)?.Token);

    /// <summary>Whether the session was looked at less than <paramref name="trust"/> ago.</summary>
    public bool IsFresh(DateTimeOffset now, TimeSpan trust) => now.UtcTicks - Volatile.Read(ref _checkedAt) < trust.Ticks;

    /// <summary>The session is open: roles and areas as they are now.</summary>
    /// <param name="session">The session.</param>
    /// <param name="roles">Roles that count in it.</param>
    /// <param name="withheld">Roles that wait for its second factor.</param>
    /// <param name="areas">Areas of an operator.</param>
    /// <param name="now">The present.</param>
    public void Confirm(SessionView session, Roles roles, Roles withheld, ImmutableArray<string> areas, DateTimeOffset now)
    {
        if (_user.Roles != roles || _user.Withheld != withheld || !_user.Areas.SequenceEqual(areas)) _user = _user with { Roles = roles, Withheld = withheld, Areas = areas };
        Session = session;
        IsDead = false;
        Volatile.Write(ref _checkedAt, now.UtcTicks);
    }

    /// <summary>The session is open and its app is good: what the app may do now.</summary>
    public void Confirm(SessionView session, AppAccess app, DateTimeOffset now)
    {
        _user = _user with { App = app };
        Confirm(session, Roles.User, 0, [], now);
    }

    /// <summary>The session has ended.</summary>
    public void Refuse(DateTimeOffset now)
    {
        IsDead = true;
        Volatile.Write(ref _checkedAt, now.UtcTicks);
    }

    /// <summary>Something about the session or the account has changed: ask before the next use.</summary>
    public void Doubt() => Volatile.Write(ref _checkedAt, 0);
}
