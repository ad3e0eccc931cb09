using Microsoft.AspNetCore.SignalR;
using Sos.Contracts.Alerts;

namespace Sos.Server.Realtime;

/// <summary>Refusals of hub calls, by the slugs of the problems that REST would answer.</summary>
internal static class HubAnswers
{
    /// <summary>Tells the caller why a command was not carried out.</summary>
    /// <exception cref="HubException">It was refused; the message is the problem's slug.</exception>
    public static void ThrowUnlessDone(AlertOutcome outcome)
    {
        if (outcome.Refusal == AlertRefusal.None) return;
        throw new HubException(outcome.Refusal == AlertRefusal.IllegalMove ? Http.ProblemKind.IllegalMove.Slug : Http.ProblemKind.NotFound.Slug);
    }
}
