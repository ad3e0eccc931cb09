using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Relatives;

/// <summary>The caller's own trail. Closed to apps, and to staff: nobody reads another's but by what its owner has given a relative.</summary>
internal static class TrailEndpoints
{
    public static void MapTrail(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/users/me/trail").WithTags("Relatives").RequireAuthorization(Policies.User);
        own.MapGet("", Show).WithSummary("Where I was, as far as I have it kept");
        own.MapPut("", Set).WithSummary("Keep my positions, or stop; for how many hours");
        own.MapDelete("", Clear).WithSummary("Delete all of it; whether more is kept stays as it is");
    }

    private static async Task<Ok<TrailAnswer>> Show(CurrentUser user, IGrainFactory grains)
    {
        var trail = Mine(grains, user);
        return TypedResults.Ok(TrailAnswer.Of(await trail.Settings(), await trail.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)));
    }

    private static async Task<Results<Ok<TrailSettingsAnswer>, ProblemResult>> Set(TrailRequest request, CurrentUser user, IGrainFactory grains)
    {
        if (request.KeepHours is < 1 or > TrailSettings.MostHours) return ProblemResult.Invalid($"keepHours must be 1 to {TrailSettings.MostHours}.");
        var (trail, account) = (Mine(grains, user), grains.GetGrain<IUserGrain>(user.Id));
        var before = await trail.Settings();
        var wish = new TrailSettings(request.Enabled ?? before.Enabled, request.KeepHours ?? before.KeepHours);

        // Off first where her positions come in, on last: in between nothing is kept.
        if (!wish.Enabled && !await account.KeepTrail(false)) return ProblemResult.NotFound;
        var after = await trail.Set(wish);
        return wish.Enabled && !await account.KeepTrail(true) ? ProblemResult.NotFound : TypedResults.Ok(new TrailSettingsAnswer(after.Enabled, after.KeepHours));
    }

    private static async Task<NoContent> Clear(CurrentUser user, IGrainFactory grains)
    {
        await Mine(grains, user).Clear();
        return TypedResults.NoContent();
    }

    private static ITrailGrain Mine(IGrainFactory grains, CurrentUser user) => grains.GetGrain<ITrailGrain>(user.Id);
}
