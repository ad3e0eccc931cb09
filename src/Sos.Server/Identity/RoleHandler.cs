using Microsoft.AspNetCore.Authorization;
using Sos.Contracts.Users;

namespace Sos.Server.Identity;

/// <summary>One of these roles is needed.</summary>
internal sealed record RoleRequirement(Roles Any) : IAuthorizationRequirement;

/// <summary>Checks roles. Staff's are asked for anew at each request: a role taken away is gone at once where it does most harm.</summary>
internal sealed class RoleHandler(SessionChecks sessions) : AuthorizationHandler<RoleRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        if (context.User.Identity is not SosIdentity identity || !identity.User.Has(requirement.Any)) return;
        if ((requirement.Any & Roles.Responder) != 0 || await sessions.Ask(identity.Token) && identity.User.Has(requirement.Any)) context.Succeed(requirement);
    }
}
