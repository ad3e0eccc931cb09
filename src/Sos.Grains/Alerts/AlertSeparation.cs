using Sos.Contracts.Alerts;
using Sos.Contracts.Responders;

namespace Sos.Grains.Alerts;

/// <summary>A block that comes while an alert is open. What she is told of it is what others are told who are no longer needed.</summary>
internal static class AlertSeparation
{
    /// <summary>What staff reads in the event; nobody else sees it.</summary>
    public const string Word = "excluded";

    /// <summary>Stands down whoever was asked, is expected or comes and must not meet the victim, and seeks others; false when there is nobody.</summary>
    public static bool StandDown(AlertState state, Guid alertId, IReadOnlySet<Guid> apart, DateTimeOffset now)
    {
        if (!state.IsOpen || apart.Count == 0) return false;
        var before = state.OutboxId;
        foreach (var offer in state.Offers.Where(o => apart.Contains(o.Responder) && o.Answer is OfferAnswer.Open or OfferAnswer.Silent or OfferAnswer.Accepted).ToList())
        {
            var holds = state.Holder?.Responder == offer.Responder;
            offer.Answer = OfferAnswer.StoodDown;
            state.Deliver(alertId, offer.Responder, InboxKind.StandDown, offer.Round, null, holds ? "reassigned" : "taken");
            if (holds) ResponderMoves.FallAway(state, ReleaseReason.StoodDown, Actor.Service, now, text: Word);
        }

        return state.OutboxId != before;
    }
}
