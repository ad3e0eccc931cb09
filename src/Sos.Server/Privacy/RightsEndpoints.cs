using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Messaging;
using Sos.Contracts.Privacy;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Privacy;

/// <summary>What a person may have of her data: a copy, its end, and who has seen it.</summary>
internal static class RightsEndpoints
{
    private const int MostEntries = 200;
    private const int UsualEntries = 50;

    public static RouteGroupBuilder MapRights(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/users/me").WithTags("Privacy").RequireAuthorization(Policies.User);
        me.MapGet("/export", Export).WithSummary("Everything that is kept of me: a zip of JSON; needs a sign-in of the last 15 minutes").Produces(StatusCodes.Status200OK, contentType: "application/zip");
        me.MapDelete("", Delete).WithSummary("Delete my account after 7 days; signing in before calls it off; needs a sign-in of the last 15 minutes");
        me.MapGet("/deletion", Due).WithSummary("When my account will be deleted");
        me.MapDelete("/deletion", Cancel).WithSummary("Keep my account");
        me.MapGet("/seen", Seen).WithSummary("Who has seen where I was or what is kept of me, when and why");
        return me;
    }

    private static async Task<Results<PushStreamHttpResult, ProblemResult>> Export(
        VerifiedToken token, SessionChecks sessions, PersonalExport export, IGrainFactory grains, HttpContext context)
    {
        if (!await sessions.IsNew(token)) return new ProblemResult(ProblemKind.RecentSignInRequired);
        if (await Profile(grains, token.User) is not { } profile) return ProblemResult.NotFound;
        return TypedResults.Stream(body => export.Write(profile, body, context.RequestAborted), "application/zip", "my-data.zip");
    }

    private static async Task<Results<Accepted<DeletionView>, ProblemResult>> Delete(
        VerifiedToken token, SessionChecks sessions, SignIns signIns, IdentitySeals seals, IGrainFactory grains)
    {
        if (!await sessions.IsNew(token)) return new ProblemResult(ProblemKind.RecentSignInRequired);
        var user = token.User;
        if (await Profile(grains, user) is not { } profile) return ProblemResult.NotFound;
        // So the last one never goes, and nobody who is needed goes by a slip.
        if (profile.Roles.HasFlag(Roles.Admin)) return new ProblemResult(ProblemKind.IllegalMove, "An administrator's account stays until another one has taken the role away.", state: "admin");
        var addresses = new[] { profile.Phone, profile.Email }.OfType<string>().Select(seals.AddressKey);
        var due = await grains.GetGrain<IAccountDeletionGrain>(user.Id).Ask([.. addresses]);
        await grains.GetGrain<IResponderGrain>(user.Id).SetDuty(new DutyChange(false, null, null));
        // This device stays signed in to the end: SOS goes on working, and she can change her mind.
        await signIns.EndOthers(user.Id, user.SessionId);
        await signIns.Tell(user.Id, TextTemplate.AccountEnding, $"deletion/{user.Id}/{due.ToUnixTimeSeconds()}");
        return TypedResults.Accepted((string?)null, new DeletionView(due));
    }

    private static async Task<Results<Ok<DeletionView>, ProblemResult>> Due(CurrentUser user, IGrainFactory grains) =>
        await grains.GetGrain<IAccountDeletionGrain>(user.Id).DueAt() is { } due ? TypedResults.Ok(new DeletionView(due)) : ProblemResult.NotFound;

    private static async Task<Results<NoContent, ProblemResult>> Cancel(CurrentUser user, IGrainFactory grains) =>
        await grains.GetGrain<IAccountDeletionGrain>(user.Id).Cancel() ? TypedResults.NoContent() : ProblemResult.NotFound;

    private static async Task<Results<Ok<SeenPage>, ProblemResult>> Seen(
        CurrentUser user, PersonalLooks looks, IGrainFactory grains, TimeProvider time, string? cursor = null, string? limit = null)
    {
        if (!QueryNumbers.TryWhole(limit, UsualEntries, 1, MostEntries, out var most)) return ProblemResult.Invalid($"limit must be 1 to {MostEntries}.");
        // What is looked at in this moment belongs to it.
        var before = time.GetUtcNow().AddTicks(1);
        if (cursor is not null && !PersonalLooks.TryCursor(cursor, out before)) return ProblemResult.Invalid("cursor must be one that was answered.");
        return await Profile(grains, user) is { } profile ? TypedResults.Ok(await looks.Page(profile, before, (int)most)) : ProblemResult.NotFound;
    }

    private static Task<UserProfile?> Profile(IGrainFactory grains, CurrentUser user) => grains.GetGrain<IUserGrain>(user.Id).Profile();
}
