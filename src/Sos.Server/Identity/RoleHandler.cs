using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>One of these roles.</summary>
/// <param name="Any">The roles.</param>
/// <param name="SteppedUp">And the second factor was proved lately.</param>
internal sealed record RoleRequirement(Roles Any, bool SteppedUp = false) : IAuthorizationRequirement;

/// <summary>
/// Checks roles. Staff's are asked for anew at each request: a role taken away is gone at once where it does most harm. So are those that wait for
/// a second factor, which may have been proved a moment ago in another process.
/// </summary>
internal sealed class RoleHandler(SessionChecks sessions) : AuthorizationHandler<RoleRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        if (context.User.Identity is not SosIdentity { Token: var token }) return;
        var (has, waits) = (token.User.Has(requirement.Any), (token.User.Withheld & requirement.Any) != 0);
        if (!has && !waits) return;
        if ((!has || (requirement.Any & Roles.Responder) == 0) && !await sessions.Ask(token)) return;

        if (token.User.Has(requirement.Any))
        {
            if (!requirement.SteppedUp || sessions.IsSteppedUp(token)) context.Succeed(requirement);
            else context.Fail(new FactorRefusal(this, token.User.Id, isOld: true));
        }
        else if ((token.User.Withheld & requirement.Any) != 0) context.Fail(new FactorRefusal(this, token.User.Id, isOld: false));
    }
}

/// <summary>Has the role, but the session's second factor is not proved, or not lately.</summary>
internal sealed class FactorRefusal(IAuthorizationHandler handler, Guid user, bool isOld) : AuthorizationFailureReason(handler, "second factor")
{
    public Guid User => user;

    public bool IsOld => isOld;
}

/// <summary>Answers a refusal for want of a second factor, or of a scope, with what to do about it; every other one as usual.</summary>
internal sealed class FactorRefusalAnswers(IGrainFactory grains, SecurityLog log, IOptions<IdentityOptions> options) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden && CurrentUser.From(context.User) is { } user)
            log.Forbade(user.Id, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)");
        if (authorizeResult.Forbidden && authorizeResult.AuthorizationFailure?.FailureReasons.OfType<ScopeRefusal>().FirstOrDefault() is { } outside)
        {
            await OutOfScope(context, outside.Scope).ExecuteAsync(context);
            return;
        }

        if (!authorizeResult.Forbidden || authorizeResult.AuthorizationFailure?.FailureReasons.OfType<FactorRefusal>().FirstOrDefault() is not { } refusal)
        {
            await _usual.HandleAsync(next, context, policy, authorizeResult);
            return;
        }

        await (await Answer(refusal)).ExecuteAsync(context);
    }

    // RFC 6750, 3.1.
    private static ProblemResult OutOfScope(HttpContext context, string? scope)
    {
        context.Response.Headers.WWWAuthenticate = scope is null ? "Bearer error=\"insufficient_scope\"" : $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
        return new ProblemResult(ProblemKind.InsufficientScope, scope is null ? "No app may do this." : $"This needs the scope {scope}.");
    }

    private async Task<ProblemResult> Answer(FactorRefusal refusal)
    {
        if (refusal.IsOld) return StepUp(options.Value);
        return (await grains.GetGrain<ISecondFactorGrain>(refusal.User).View()).Active
            ? new ProblemResult(ProblemKind.SecondFactorRequired, "POST /api/v1/auth/second-factor/verify with a code of your authenticator app, or a recovery code.")
            : new ProblemResult(ProblemKind.SecondFactorMissing, "POST /api/v1/auth/second-factor/enrol, then /confirm with the first code of your authenticator app.");
    }

    /// <summary>The proof is too old.</summary>
    public static ProblemResult StepUp(IdentityOptions options) =>
        new(ProblemKind.StepUpRequired, $"POST /api/v1/auth/second-factor/verify again: a proof counts for {options.StepUpLife.TotalMinutes:0.#} minutes here.");
}
