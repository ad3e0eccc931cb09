using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Sos.Contracts.Alerts;
using Sos.Server.Http;

namespace Sos.Server.Alerts;

/// <summary>Turns what an alert answers into what HTTP answers.</summary>
internal static class AlertAnswers
{
    /// <summary>The view, or the problem with the present state and version.</summary>
    public static Results<Ok<AlertView>, ProblemResult> Of(AlertOutcome outcome)
    {
        if (outcome.View?.Tombstone is not null) return Erased;
        if (outcome is { Refusal: AlertRefusal.None, View: { } view }) return TypedResults.Ok(view);
        return outcome.Refusal switch
        {
            AlertRefusal.IllegalMove => Refused(ProblemKind.IllegalMove, outcome.View),
            AlertRefusal.Stale => Refused(ProblemKind.StaleVersion, outcome.View),
            AlertRefusal.Taken => Refused(ProblemKind.Taken, outcome.View),
            AlertRefusal.OffDuty => Refused(ProblemKind.OffDuty, outcome.View),
            AlertRefusal.AtCapacity => Refused(ProblemKind.AtCapacity, outcome.View),
            AlertRefusal.Excluded => Refused(ProblemKind.Excluded, outcome.View),
            AlertRefusal.KeyReused => Refused(ProblemKind.KeyReused, outcome.View),
            _ => ProblemResult.NotFound,
        };
    }

    /// <summary>The alert's data has been destroyed; only who could see it is told so.</summary>
    public static ProblemResult Erased { get; } = new(ProblemKind.Erased);

    /// <summary>The word of a status, as in every other answer.</summary>
    public static string Word(AlertStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <summary>The problem with the present state and version.</summary>
    public static ProblemResult Refused(ProblemKind kind, AlertView? view) =>
        new(kind, state: view is null ? null : Word(view.Status), version: view?.Version);
}
