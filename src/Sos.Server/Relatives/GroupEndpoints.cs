using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Relatives;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Users;

namespace Sos.Server.Relatives;

/// <summary>The caller's own groups of her relatives: one request in place of one for each. Nobody else learns that there is a group, or who is in it.</summary>
internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder relatives)
    {
        var groups = relatives.MapGroup("/groups");
        groups.MapGet("", List).WithSummary("My groups of relatives; nobody else knows of them");
        groups.MapPost("", Make).WithSummary("Make a group out of my list");
        groups.MapGet("/{id:guid}", Show).WithSummary("A group of mine, and how I show myself to each in it");
        groups.MapPut("/{id:guid}", Change).WithSummary("Change name and members; who comes in is shown nothing by it");
        groups.MapDelete("/{id:guid}", Remove).WithSummary("Forget a group; its members and what is shared with them stay");
        groups.MapPut("/{id:guid}/sharing", Share).WithSummary("Show myself to all who are in it now, how exactly and until when, or not any more");
        groups.MapGet("/{id:guid}/places", Places).WithSummary("Where all in it are, as far as each shows it to me");
        groups.MapPost("/{id:guid}/request-location", AskWhere).WithSummary("Ask all in it where they are, each once an hour; each answers by hand or not at all");
    }

    private static async Task<Ok<GroupsAnswer>> List(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(new GroupsAnswer([.. (await RelativeEndpoints.Mine(grains, user).Groups()).Select(GroupView.Of)]));

    private static async Task<Results<Created<GroupView>, ProblemResult>> Make(GroupRequest request, CurrentUser user, IGrainFactory grains)
    {
        if (!TryRead(request, out var draft, out var problem)) return problem;
        var outcome = await RelativeEndpoints.Mine(grains, user).MakeGroup(draft);
        return outcome.Group is { } group ? TypedResults.Created($"/api/v1/relatives/groups/{group.Id}", GroupView.Of(group)) : Refused(outcome.Refusal);
    }

    private static async Task<Results<Ok<GroupView>, ProblemResult>> Show(Guid id, CurrentUser user, IGrainFactory grains) =>
        (await RelativeEndpoints.Mine(grains, user).Groups()).FirstOrDefault(own => own.Id == id) is { } group ? TypedResults.Ok(GroupView.Of(group)) : ProblemResult.NotFound;

    private static async Task<Results<Ok<GroupView>, ProblemResult>> Change(Guid id, GroupRequest request, CurrentUser user, IGrainFactory grains)
    {
        if (!TryRead(request, out var draft, out var problem)) return problem;
        var outcome = await RelativeEndpoints.Mine(grains, user).ChangeGroup(id, draft);
        return outcome.Group is { } group ? TypedResults.Ok(GroupView.Of(group)) : Refused(outcome.Refusal);
    }

    private static async Task<Results<NoContent, ProblemResult>> Remove(Guid id, CurrentUser user, IGrainFactory grains) =>
        await RelativeEndpoints.Mine(grains, user).RemoveGroup(id) ? TypedResults.NoContent() : ProblemResult.NotFound;

    private static async Task<Results<Ok<GroupSharingAnswer>, ProblemResult>> Share(Guid id, SharingRequest request, CurrentUser user, IGrainFactory grains, TimeProvider time)
    {
        if (!request.TryRead(time.GetUtcNow(), out var sharing, out var problem)) return problem;
        if (request.Enabled && await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        return await RelativeEndpoints.Mine(grains, user).ShareWithGroup(id, sharing) is { } outcome ? TypedResults.Ok(GroupSharingAnswer.Of(outcome)) : ProblemResult.NotFound;
    }

    private static async Task<Results<Ok<GroupPlacesAnswer>, ProblemResult>> Places(Guid id, CurrentUser user, RelativesDesk desk) =>
        await desk.Places(user.Id, id) is { } places ? TypedResults.Ok(places) : ProblemResult.NotFound;

    private static async Task<Results<Accepted<GroupWhereAnswer>, ProblemResult>> AskWhere(Guid id, CurrentUser user, IGrainFactory grains) =>
        await EvenPace.Keep(() => RelativeEndpoints.Mine(grains, user).AskGroup(id)) is { } outcome
            ? TypedResults.Accepted((string?)null, GroupWhereAnswer.Of(outcome))
            : ProblemResult.NotFound;

    private static bool TryRead(GroupRequest request, [NotNullWhen(true)] out GroupDraft? draft, [NotNullWhen(false)] out ProblemResult? problem)
    {
        problem = RelativeEndpoints.ProblemWith(request.Name, null) ?? (request.Members.Count > GroupDraft.MostMembers ? ProblemResult.Invalid($"members may be {GroupDraft.MostMembers}.") : null);
        draft = problem is null ? new GroupDraft(request.Name.Trim(), [.. request.Members]) : null;
        return draft is not null;
    }

    private static ProblemResult Refused(GroupRefusal refusal) => refusal switch
    {
        GroupRefusal.NotInList => ProblemResult.Invalid("members must be in your own list, and must not have ended it."),
        GroupRefusal.NameTaken => new ProblemResult(ProblemKind.IllegalMove, "You have a group of that name.", state: "name_taken"),
        GroupRefusal.TooMany => ProblemResult.Invalid("Ten groups are the most; remove one first."),
        _ => ProblemResult.NotFound,
    };
}
