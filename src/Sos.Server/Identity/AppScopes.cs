using Microsoft.AspNetCore.Authorization;

namespace Sos.Server.Identity;

/// <summary>What users may let apps do. Nothing else is open to an app: no account, no second factor, no administration, no duty as a responder.</summary>
internal static class AppScopes
{
    /// <summary>Name, language and address of the account.</summary>
    public const string ReadProfile = "profile:read";

    /// <summary>The user's own alerts and what happens to them.</summary>
    public const string ReadAlerts = "alerts:read";

    /// <summary>Pressing SOS for the user, adding to her alert, calling it off.</summary>
    public const string Raise = "alerts:raise";

    /// <summary>Saying where the user is.</summary>
    public const string WritePosition = "position:write";

    /// <summary>The user's emergency contacts.</summary>
    public const string ReadContacts = "contacts:read";

    /// <summary>Adding, changing and removing emergency contacts.</summary>
    public const string WriteContacts = "contacts:write";

    /// <summary>Every scope, in the words that a user is asked in.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        [ReadProfile] = "See your name, language, phone number and e-mail address",
        [ReadAlerts] = "See your alerts: where you were, who came, what happened",
        [Raise] = "Press SOS in your name, add to your alert and call it off",
        [WritePosition] = "Say where you are",
        [ReadContacts] = "See your emergency contacts",
        [WriteContacts] = "Add, change and remove your emergency contacts",
    };

    /// <summary>Opens a route or a group to apps that have a scope; every other one is closed to them.</summary>
    public static T ForApps<T>(this T routes, string scope)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new AppScope(scope));
}

/// <summary>On a route: apps with this scope may call it.</summary>
internal sealed record AppScope(string Name);

/// <summary>The app that a token was given to, and what it may do with it.</summary>
/// <param name="ClientId">The app.</param>
/// <param name="Scopes">What the user has agreed to.</param>
/// <param name="RequestsAMinute">Its quota, over all of its users.</param>
public sealed record AppAccess(Guid ClientId, IReadOnlyList<string> Scopes, int RequestsAMinute);

/// <summary>An app's token is good only where a scope of it is asked for; everybody else's everywhere.</summary>
internal sealed record AppScopeRequirement : IAuthorizationRequirement;

/// <summary>Checks <see cref="AppScopeRequirement"/>; a route that says nothing is closed to apps.</summary>
internal sealed class AppScopeHandler : AuthorizationHandler<AppScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AppScopeRequirement requirement)
    {
        if (context.User.Identity is not SosIdentity { User: var user }) return Task.CompletedTask;
        var scope = (context.Resource as HttpContext)?.GetEndpoint()?.Metadata.GetMetadata<AppScope>()?.Name;
        if (user.App is null || scope is not null && user.App.Scopes.Contains(scope)) context.Succeed(requirement);
        else context.Fail(new ScopeRefusal(this, scope));
        return Task.CompletedTask;
    }
}

/// <summary>The app may not do that.</summary>
/// <param name="handler">Who says so.</param>
/// <param name="scope">What it would need; null: no app may.</param>
internal sealed class ScopeRefusal(IAuthorizationHandler handler, string? scope) : AuthorizationFailureReason(handler, "scope")
{
    public string? Scope => scope;
}
