using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Alerts;

/// <summary>What responders are told about an alert, and when they may know it.</summary>
internal static class AlertBriefing
{
    /// <summary>Tells who has accepted what she must know now.</summary>
    public static void BriefHolder(AlertState state, Guid alertId)
    {
        if (state.Holder is { Accepted: true } holder)
            state.Deliver(alertId, holder.Responder, InboxKind.Update, (int)state.Seq, Brief(state, state.OfferOf(holder.Responder), true, null));
    }

    /// <summary>What a responder may know: the cell before she has accepted, the position after it.</summary>
    public static Briefing Brief(AlertState state, Offer? offer, bool accepted, DateTimeOffset? answerBy) => new(
        state.Kind,
        state.Position is { } p ? GeocellId.Of(p.Point).ToString() : null,
        accepted ? state.Position : null,
        offer?.DistanceMetres,
        offer?.EtaSeconds,
        answerBy,
        state.Kind == AlertKind.Safety);
}
