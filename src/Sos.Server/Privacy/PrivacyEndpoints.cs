using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Users;
using Sos.Server.Alerts;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Privacy;

/// <summary>What is kept of a person, and for how long.</summary>
internal static class PrivacyEndpoints
{
    public static RouteGroupBuilder MapPrivacy(this IEndpointRouteBuilder routes)
    {
        var choices = routes.MapGroup("/users/me/privacy").RequireAuthorization(Policies.User).WithTags("Privacy");
        choices.MapGet("", Show).WithSummary("What I have chosen to have kept and shown");
        choices.MapPatch("", Choose).WithSummary("Opt out of keeping my route, or of keeping anything after the close");
        return choices;
    }

    /// <summary>Routes of an alert whose end has come, or is put off.</summary>
    public static void MapRetention(this RouteGroupBuilder alerts)
    {
        var end = alerts.MapGroup("/{id:guid}").RequireAuthorization(Policies.User);
        end.MapPut("/hold", Hold).WithSummary("Keep my closed alert's data longer, at most 90 days from its close");
        end.MapDelete("/hold", Release).WithSummary("Keep it no longer than everybody's");
        end.MapGet("/evidence", Evidence).WithSummary("My closed alert with its photos and recordings, signed: a zip for a court or an insurer").Produces(StatusCodes.Status200OK, contentType: "application/zip");
        end.MapGet("/tombstone", Tombstone).WithSummary("What remains after the data was destroyed, signed");
    }

    private static async Task<Results<Ok<PrivacyChoices>, ProblemResult>> Show(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<IUserGrain>(user.Id).Choices());

    private static async Task<Results<Ok<PrivacyChoices>, ProblemResult>> Choose(PrivacyRequest request, CurrentUser user, IGrainFactory grains) =>
        await grains.GetGrain<IUserGrain>(user.Id).Choose(new PrivacyChange(request.HideRoute, request.EraseAtClose)) is { } choices ? TypedResults.Ok(choices) : ProblemResult.NotFound;

    private static async Task<Results<Ok<AlertView>, ProblemResult>> Hold(Guid id, HoldRequest request, CurrentUser user, IGrainFactory grains) =>
        request.Days is < 1 or > HoldCommand.MostDays
            ? ProblemResult.Invalid("days must be 1 to 90.")
            : AlertAnswers.Of(await grains.GetGrain<IAlertGrain>(id).Hold(new HoldCommand(user.Id, request.Days)));

    private static async Task<Results<Ok<AlertView>, ProblemResult>> Release(Guid id, CurrentUser user, IGrainFactory grains) =>
        AlertAnswers.Of(await grains.GetGrain<IAlertGrain>(id).Hold(new HoldCommand(user.Id, null)));

    private static async Task<Results<PushStreamHttpResult, ProblemResult>> Evidence(Guid id, CurrentUser user, AlertCopies alerts, EvidenceFile evidence, HttpContext context)
    {
        // Hers alone, whatever roles she has: staff has the board.
        var reader = AlertCopies.ReaderOf(user.Id);
        if (await alerts.View(id, reader) is not { } view) return ProblemResult.NotFound;
        if (view.Tombstone is not null) return AlertAnswers.Erased;
        return view.ClosedAt is null
            ? AlertAnswers.Refused(ProblemKind.IllegalMove, view)
            : TypedResults.Stream(body => evidence.Write(view, reader, body, context.RequestAborted), "application/zip", $"alert-{id:N}.zip");
    }

    private static async Task<Results<Ok<TombstoneView>, ProblemResult>> Tombstone(Guid id, CurrentUser user, IGrainFactory grains, TombstoneKey key)
    {
        // The victim and staff of the area; a responder is a stranger again since the close.
        var view = await grains.GetGrain<IAlertGrain>(id).View(AlertCaller.ReaderOf(user));
        return view?.Tombstone is { } tombstone ? TypedResults.Ok(TombstoneView.Of(tombstone, key.PublicPem)) : ProblemResult.NotFound;
    }
}
