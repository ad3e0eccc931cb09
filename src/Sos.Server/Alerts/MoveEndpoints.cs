using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Alerts;

/// <summary>What responders do to an alert. An answer goes to the alert itself, never through the responder's grain.</summary>
internal static class MoveEndpoints
{
    public static void MapMoves(this RouteGroupBuilder alerts)
    {
        var moves = alerts.MapGroup("/{id:guid}").RequireAuthorization(Policies.Responder);
        moves.MapPost("/accept", Accept).WithSummary("I go");
        moves.MapPost("/decline", Decline).WithSummary("I cannot; also after having accepted");
        moves.MapPost("/en-route", EnRoute).WithSummary("I am under way");
        moves.MapPost("/on-scene", OnScene).WithSummary("I am there");
        moves.MapPost("/resolve", Resolve).WithSummary("Helped");
        moves.MapPost("/receipts", Acknowledge).WithSummary("An inbox item is on my device, or was looked at");
    }

    private static Task<Results<Ok<AlertView>, ProblemResult>> Accept(Guid id, Command<MoveRequest> command, CurrentUser user, IGrainFactory grains) =>
        Respond(id, ResponderMove.Accept, command, user, grains);

    private static Task<Results<Ok<AlertView>, ProblemResult>> Decline(Guid id, Command<MoveRequest> command, CurrentUser user, IGrainFactory grains) =>
        Respond(id, ResponderMove.Decline, command, user, grains);

    private static Task<Results<Ok<AlertView>, ProblemResult>> EnRoute(Guid id, Command<MoveRequest> command, CurrentUser user, IGrainFactory grains) =>
        Respond(id, ResponderMove.EnRoute, command, user, grains);

    private static Task<Results<Ok<AlertView>, ProblemResult>> OnScene(Guid id, Command<MoveRequest> command, CurrentUser user, IGrainFactory grains) =>
        Respond(id, ResponderMove.OnScene, command, user, grains);

    private static Task<Results<Ok<AlertView>, ProblemResult>> Resolve(Guid id, Command<MoveRequest> command, CurrentUser user, IGrainFactory grains) =>
        Respond(id, ResponderMove.Resolve, command, user, grains);

    private static async Task<Results<NoContent, ProblemResult>> Acknowledge(Guid id, Command<ReceiptRequest> command, CurrentUser user, IGrainFactory grains)
    {
        var outcome = await grains.GetGrain<IAlertGrain>(id).Acknowledge(new ReceiptCommand(user.Id, command.Body.Seen));
        return outcome.Refusal == AlertRefusal.None ? TypedResults.NoContent() : ProblemResult.NotFound;
    }

    private static async Task<Results<Ok<AlertView>, ProblemResult>> Respond(
        Guid id, ResponderMove move, Command<MoveRequest> command, CurrentUser user, IGrainFactory grains)
    {
        var (version, note) = command.Body;
        if (note is { Length: > Press.MaxNote }) return ProblemResult.Invalid("note takes at most 2000 characters.");
        return AlertAnswers.Of(await grains.GetGrain<IAlertGrain>(id).Respond(new RespondCommand(user.Id, move, version, note, command.Key)));
    }
}
