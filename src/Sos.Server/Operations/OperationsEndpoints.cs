using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;
using Sos.Server.Alerts;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Operations;

/// <summary>What operators see and do.</summary>
internal static class OperationsEndpoints
{
    private const int LongestReason = 500;

    public static RouteGroupBuilder MapOperations(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin").WithTags("Operations").RequireAuthorization(Policies.Staff);
        admin.MapPost("/actions", Act).WithSummary("Claim, assign, unassign, note, close or mark false; with a reason, kept in the alert's own record");
        admin.MapGet("/board", Board).WithSummary("Open alerts of my areas, most urgent first");
        return admin;
    }

    private static async Task<Results<Ok<AlertView>, ProblemResult>> Act(Command<ActionRequest> command, CurrentUser user, IGrainFactory grains)
    {
        var request = command.Body;
        var reason = request.Reason.Trim();
        if (reason.Length is 0 or > LongestReason) return ProblemResult.Invalid("reason must have 1 to 500 characters.");
        if (request.Action == StaffMove.Assign != request.ResponderId.HasValue) return ProblemResult.Invalid("responderId goes with assign, and only with it.");
        var direct = new StaffCommand(user.Id, user.SeenAreas, request.Action, request.ResponderId, reason, request.Version, command.Key);
        return AlertAnswers.Of(await grains.GetGrain<IAlertGrain>(request.AlertId).Direct(direct));
    }

    // Operators help by the board: without the audit it is shown all the same, but without places.
    private static async Task<Ok<BoardView>> Board(CurrentUser user, IGrainFactory grains, AuditTrail audit)
    {
        var entries = await grains.GetGrain<IOperatorGrain>(user.Id).Board(user.SeenAreas);
        var recorded = await audit.TryRecord(user, AuditAct.ViewedBoard, "board", StaffReason.AtTheBoard, string.Join(' ', user.SeenAreas));
        return TypedResults.Ok(new BoardView(recorded ? entries : [.. entries.Select(entry => entry with { Position = null })]));
    }
}

/// <summary>An act of staff.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Action">claim, unclaim, assign, unassign, note, close, mark_false.</param>
/// <param name="Reason">Why; 1 to 500 characters.</param>
/// <param name="ResponderId">Whom to assign.</param>
/// <param name="Version">The version she acts on; left out: whatever it is.</param>
public sealed record ActionRequest(Guid AlertId, StaffMove Action, string Reason, Guid? ResponderId = null, long? Version = null);

/// <summary>A board.</summary>
/// <param name="Entries">Open alerts, most urgent first.</param>
public sealed record BoardView(ImmutableArray<BoardEntry> Entries);
