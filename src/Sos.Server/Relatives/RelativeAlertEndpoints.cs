using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Relatives;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Users;

namespace Sos.Server.Relatives;

/// <summary>Who asks the caller, and what has happened between her and her relatives.</summary>
internal static class RelativeAlertEndpoints
{
    public static void MapInvitations(this IEndpointRouteBuilder relatives)
    {
        var invitations = relatives.MapGroup("/invitations");
        invitations.MapGet("", Invitations).WithSummary("Who asks to be my relative");
        invitations.MapPost("/{id:guid}/accept", Accept).WithSummary("Agree; nothing is shared before I say so");
        invitations.MapPost("/{id:guid}/refuse", Refuse).WithSummary("Refuse; who asked is not told, and cannot ask me again");
    }

    public static void MapWhere(this IEndpointRouteBuilder relatives)
    {
        var requests = relatives.MapGroup("/requests");
        requests.MapGet("", Questions).WithSummary("Who has asked where I am within the last hour");
        requests.MapPost("/{id:guid}/answer", Answer).WithSummary("Show myself to who asked for ten minutes; once");
        requests.MapPost("/{id:guid}/refuse", Decline).WithSummary("Do not answer; who asked is not told");
    }

    public static void MapRelativeAlerts(this IEndpointRouteBuilder relatives)
    {
        var alerts = relatives.MapGroup("/alerts");
        alerts.MapGet("", Alerts).WithSummary("When relatives came near and went; no places");
        alerts.MapDelete("", Clear).WithSummary("Delete all of it");
        alerts.MapPost("/{id:guid}/dismiss", Dismiss).WithSummary("Put one aside");
    }

    private static async Task<Ok<InvitationsAnswer>> Invitations(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(new InvitationsAnswer((await RelativeEndpoints.Mine(grains, user).List()).Invitations));

    private static async Task<Results<Ok<RelativeAnswer>, ProblemResult>> Accept(Guid id, AcceptRequest request, CurrentUser user, IGrainFactory grains)
    {
        if (RelativeEndpoints.ProblemWith(request.Name ?? "-", null) is { } problem) return problem;
        if (await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        return RelativeEndpoints.Answered(await RelativeEndpoints.Mine(grains, user).Answer(id, accepts: true, request.Name?.Trim()));
    }

    private static async Task<Results<NoContent, ProblemResult>> Refuse(Guid id, CurrentUser user, IGrainFactory grains) =>
        (await RelativeEndpoints.Mine(grains, user).Answer(id, accepts: false, null)).Refusal == RelativeRefusal.None ? TypedResults.NoContent() : ProblemResult.NotFound;

    private static async Task<Ok<QuestionsAnswer>> Questions(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(new QuestionsAnswer(await RelativeEndpoints.Mine(grains, user).Questions()));

    private static async Task<Results<Ok<RelativeAnswer>, ProblemResult>> Answer(Guid id, WhereRequest request, CurrentUser user, IGrainFactory grains)
    {
        if (!Enum.IsDefined(request.Precision)) return ProblemResult.Invalid("precision must be exact or approximate.");
        if (await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        return RelativeEndpoints.Answered(await RelativeEndpoints.Mine(grains, user).AnswerWhere(id, request.Precision));
    }

    private static async Task<Results<NoContent, ProblemResult>> Decline(Guid id, CurrentUser user, IGrainFactory grains) =>
        (await RelativeEndpoints.Mine(grains, user).AnswerWhere(id, null)).Refusal == RelativeRefusal.None ? TypedResults.NoContent() : ProblemResult.NotFound;

    private static async Task<Ok<RelativeAlertsAnswer>> Alerts(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(new RelativeAlertsAnswer([.. (await History(grains, user).Encounters()).Select(RelativeAlertView.Of)]));

    private static async Task<NoContent> Clear(CurrentUser user, IGrainFactory grains)
    {
        await History(grains, user).Clear();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<RelativeAlertView>, ProblemResult>> Dismiss(Guid id, CurrentUser user, IGrainFactory grains) =>
        await History(grains, user).Dismiss(id) is { } encounter ? TypedResults.Ok(RelativeAlertView.Of(encounter)) : ProblemResult.NotFound;

    private static IRelativeHistoryGrain History(IGrainFactory grains, CurrentUser user) => grains.GetGrain<IRelativeHistoryGrain>(user.Id);
}
