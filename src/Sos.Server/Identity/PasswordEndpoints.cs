using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>One's own password.</summary>
internal static class PasswordEndpoints
{
    public static RouteGroupBuilder MapPassword(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/auth/password").WithTags("Identity").RequireAuthorization(Policies.User);
        mine.MapPut("", Change).WithSummary("Set or change my password; for accounts with an e-mail address");
        return mine;
    }

    private static async Task<Results<NoContent, ProblemResult>> Change(
        PasswordRequest request,
        VerifiedToken token,
        ClientBlock block,
        SessionChecks sessions,
        Passwords passwords,
        SignInBudgets budgets,
        SignIns signIns,
        IGrainFactory grains,
        IOptions<IdentityOptions> options,
        HttpResponse response)
    {
        var isNew = await sessions.IsNew(token);
        var user = token.User;
        // Roles that need a second factor need it for this too.
        if (user.Withheld != 0 || !sessions.IsSteppedUp(token) && user.Has(Roles.Responder | Roles.Operator | Roles.Admin)) return FactorRefusalAnswers.StepUp(options.Value);
        if (request.Current is { } current)
        {
            if (await budgets.TakeProof(block) is { Ticks: > 0 } wait) return ProblemResult.Wait(wait, response);
            var good = current.Length <= PasswordRules.Longest && await passwords.Fits(user.Id, current);
            await budgets.NoteProof(block, good, ProofWay.Password);
            if (!good) return ProblemResult.Invalid("current is not the present password.");
        }
        else if (!isNew || token.Session is not { Method: SignInMethod.Code }) return new ProblemResult(ProblemKind.RecentSignInRequired, "Sign in by one-time code, or send current.");

        if (await grains.GetGrain<IUserGrain>(user.Id).Profile() is not { } profile) return ProblemResult.NotFound;
        if (profile.Email is null) return ProblemResult.Invalid("Accounts with an e-mail address sign in with a password; this one has none.");
        if (passwords.Refuse(request.Password, profile) is { } why) return ProblemResult.Invalid(why);
        await passwords.Set(user.Id, request.Password);
        await signIns.TellOfChange(user.Id);
        return TypedResults.NoContent();
    }
}
