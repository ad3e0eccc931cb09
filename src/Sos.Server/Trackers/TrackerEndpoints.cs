using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Messaging;
using Sos.Contracts.Trackers;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Trackers;

/// <summary>One's own trackers.</summary>
internal static class TrackerEndpoints
{
    public static WebApplicationBuilder AddTrackers(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TrackerTokens>();
        builder.Services.AddSingleton<TrackerLinks>();
        builder.Services.AddSingleton<IngestDesk>();
        builder.Services.AddSingleton<ZoneWaypoints>();
        builder.Services.AddSingleton<OwnTracksFriends>();
        return builder;
    }

    public static void MapTrackers(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/users/me/trackers").WithTags("Trackers").RequireAuthorization(Policies.User);
        mine.MapGet("", List).WithSummary("My tracking devices and apps, and when each was heard of last");
        mine.MapPost("", Add).WithSummary("Add one; its token and the link that sets it up are in this answer and nowhere else");
        mine.MapPatch("/{id:guid}", Change).WithSummary("Show my relatives in the answers to one, or not any more; OwnTracks only. Whoever has its token then reads where they are");
        mine.MapDelete("/{id:guid}", Revoke).WithSummary("Revoke one; its token is dead at once");
    }

    private static async Task<Ok<TrackerList>> List(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(new TrackerList([.. (await Mine(grains, user).List()).Select(TrackerEntryView.Of)]));

    private static async Task<Results<Created<AddedTracker>, ProblemResult>> Add(
        TrackerRequest request, CurrentUser user, IGrainFactory grains, TrackerTokens tokens, TrackerLinks links, SignIns signIns, SecurityLog log, TimeProvider time)
    {
        if (request.Problem() is { } problem) return problem;
        var ((token, hash), id) = (tokens.Make(user.Id), Guid.CreateVersion7(time.GetUtcNow()));
        if (await Mine(grains, user).Add(new TrackerDraft(id, request.Name.Trim(), request.Kind, hash)) is not { } tracker) return ProblemResult.Invalid("10 trackers are the most; revoke one first.");
        log.TrackerAdded(user.Id, id);
        await TellOwner(user.Id, grains, signIns);
        return TypedResults.Created((string?)null, new AddedTracker(TrackerEntryView.Of(tracker), token, links.Address(request.Kind, token), links.Setup(request.Kind, token, id)));
    }

    private static async Task<Results<Ok<TrackerEntryView>, ProblemResult>> Change(Guid id, TrackerUpdate request, CurrentUser user, IGrainFactory grains, SignIns signIns, SecurityLog log)
    {
        if (await Mine(grains, user).ShowRelatives(id, request.ShowsRelatives) is not { } tracker) return ProblemResult.NotFound;
        if (tracker.ShowsRelatives != request.ShowsRelatives) return ProblemResult.Invalid("Only OwnTracks can show relatives.");
        log.TrackerShows(user.Id, id, tracker.ShowsRelatives);
        if (tracker.ShowsRelatives) await TellOwner(user.Id, grains, signIns);
        return TypedResults.Ok(TrackerEntryView.Of(tracker));
    }

    private static async Task<Results<NoContent, ProblemResult>> Revoke(Guid id, CurrentUser user, IGrainFactory grains, SecurityLog log)
    {
        if (!await Mine(grains, user).Revoke(id)) return ProblemResult.NotFound;
        log.TrackerRevoked(user.Id, id);
        return TypedResults.NoContent();
    }

    // A minute with somebody's unlocked phone is enough to plant one: a text outside the app, once a day, says so to her.
    private static async Task TellOwner(Guid owner, IGrainFactory grains, SignIns signIns)
    {
        if (await grains.GetGrain<ITrackersGrain>(owner).TakeNotice()) await signIns.Tell(owner, TextTemplate.TrackersChanged, $"trackers/{owner}/{Guid.NewGuid():N}");
    }

    private static ITrackersGrain Mine(IGrainFactory grains, CurrentUser user) => grains.GetGrain<ITrackersGrain>(user.Id);
}
