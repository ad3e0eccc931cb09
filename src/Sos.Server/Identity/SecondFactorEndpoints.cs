using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Audit;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>One's own second factor, and its reset by an administrator.</summary>
internal static partial class SecondFactorEndpoints
{
    public static RouteGroupBuilder MapSecondFactor(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/auth/second-factor").WithTags("Identity").RequireAuthorization(Policies.User);
        mine.MapGet("", Show).WithSummary("My second factor, and whether this session has proved it");
        mine.MapPost("/enrol", Enrol).WithSummary("A secret for my authenticator app; it counts from its first code on");
        mine.MapPost("/confirm", Confirm).WithSummary("The first code of the app: puts the secret into use and answers ten recovery codes, once");
        mine.MapPost("/verify", Verify).WithSummary("Prove my second factor in this session: roles beyond a user's, and administrative acts for the next minutes");
        mine.MapPost("/recovery-codes", Renew).WithSummary("Ten new recovery codes; the earlier ones are worth nothing");

        var others = routes.MapGroup("/admin/users/{id:guid}/second-factor").WithTags("Administration").RequireAuthorization(Policies.Admin);
        others.MapPost("/reset", Reset).WithSummary("Take a user's second factor away and sign her out everywhere, so that she can set a new one up");
        return mine;
    }

    private static async Task<Ok<SecondFactorStatus>> Show(VerifiedToken token, SessionChecks sessions, SecondFactors factors, IOptions<IdentityOptions> options)
    {
        await sessions.Ask(token);
        var (user, view) = (token.User, await factors.Grain(token.User.Id).View());
        var needed = options.Value.SecondFactor == SecondFactorUse.Staff && ((user.Roles | user.Withheld) & ~Roles.User) != 0;
        var proved = token.Session?.StrongAt;
        return TypedResults.Ok(new SecondFactorStatus(needed, view.Active, view.RecoveryLeft, proved, proved + options.Value.StepUpLife));
    }

    private static async Task<Results<Ok<SecondFactorSecret>, ProblemResult>> Enrol(
        VerifiedToken token, SessionChecks sessions, SecondFactors factors, IGrainFactory grains, IOptions<IdentityOptions> options)
    {
        if (await RefuseChange(token, sessions, factors, options.Value) is { } refusal) return refusal;
        return await grains.GetGrain<IUserGrain>(token.User.Id).Profile() is { } profile ? TypedResults.Ok(await factors.Propose(profile)) : ProblemResult.NotFound;
    }

    private static async Task<Results<Ok<SecondFactorConfirmed>, ProblemResult>> Confirm(
        SecondFactorCode request, VerifiedToken token, SessionChecks sessions, SecondFactors factors, SignIns signIns, IOptions<IdentityOptions> options, ILogger<SecondFactors> logger)
    {
        if (await RefuseChange(token, sessions, factors, options.Value) is { } refusal) return refusal;
        var user = token.User;
        if (await factors.Confirm(user.Id, request.Code) is not { } codes) return new ProblemResult(ProblemKind.WrongSecondFactor);
        LogSetUp(logger, user.Id, user.SessionId);
        await signIns.TellOfChange(user.Id);
        return await signIns.Strengthen(user.Id, user.SessionId) is { } tokens
            ? TypedResults.Ok(new SecondFactorConfirmed(codes, tokens))
            : new ProblemResult(ProblemKind.Unauthorized);
    }

    private static async Task<Results<Ok<SignedIn>, ProblemResult>> Verify(
        SecondFactorCode request, CurrentUser user, ClientBlock block, SecondFactors factors, SignIns signIns, HttpResponse response)
    {
        var proof = await factors.Prove(user.Id, request.Code, block);
        if (proof.Wait > TimeSpan.Zero) return ProblemResult.Wait(proof.Wait, response);
        if (!proof.Good) return new ProblemResult(ProblemKind.WrongSecondFactor);
        return await signIns.Strengthen(user.Id, user.SessionId) is { } tokens ? TypedResults.Ok(tokens) : new ProblemResult(ProblemKind.Unauthorized);
    }

    private static async Task<Results<Ok<RecoveryCodes>, ProblemResult>> Renew(
        VerifiedToken token, SessionChecks sessions, SecondFactors factors, SignIns signIns, IOptions<IdentityOptions> options)
    {
        if (!await IsProved(token, sessions, options.Value)) return FactorRefusalAnswers.StepUp(options.Value);
        if (await factors.Renew(token.User.Id) is not { } codes) return new ProblemResult(ProblemKind.SecondFactorMissing);
        await signIns.TellOfChange(token.User.Id);
        return TypedResults.Ok(new RecoveryCodes(codes));
    }

    private static async Task<Results<NoContent, ProblemResult>> Reset(
        Guid id, CurrentUser admin, SecondFactors factors, SignIns signIns, IGrainFactory grains, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (await grains.GetGrain<IUserGrain>(id).Profile() is null) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.ResetSecondFactor, $"user/{id}", reason);
        // Her sessions first: none that was proved with the old factor may outlive it.
        await signIns.EndAll(id);
        await factors.Grain(id).Remove();
        await signIns.TellOfChange(id);
        return TypedResults.NoContent();
    }

    /// <summary>
    /// A first second factor needs a fresh sign-in, its replacement a fresh proof of the present one: who has found an open session
    /// changes neither.
    /// </summary>
    private static async Task<ProblemResult?> RefuseChange(VerifiedToken token, SessionChecks sessions, SecondFactors factors, IdentityOptions options)
    {
        if ((await factors.Grain(token.User.Id).View()).Active) return await IsProved(token, sessions, options) ? null : FactorRefusalAnswers.StepUp(options);
        return await sessions.IsNew(token) ? null : new ProblemResult(ProblemKind.RecentSignInRequired);
    }

    private static async Task<bool> IsProved(VerifiedToken token, SessionChecks sessions, IdentityOptions options) =>
        await sessions.Ask(token) && token.Session?.StrongAt is not null && sessions.IsSteppedUp(token);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {User} has set a second factor up in session {Session}")]
    private static partial void LogSetUp(ILogger logger, Guid user, Guid session);
}
