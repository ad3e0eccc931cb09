using Sos.Contracts.Alerts;
using Sos.Contracts.Messaging;
using Sos.Contracts.Responders;
using Sos.Grains.Dispatch;

namespace Sos.Grains.Alerts;

/// <summary>What time does to an alert: answers that do not come, receipts that do not come, news for the victim.</summary>
internal static class AlertDue
{
    /// <summary>An open alert of which nothing was heard for so long is put before staff: it keeps its person's data, and perhaps nobody cares for it.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);

    /// <summary>The next moment at which something is due; null when nothing is.</summary>
    public static DateTimeOffset? Next(AlertState state, DispatchOptions options)
    {
        var next = AttachmentRules.LapsesAt(state);
        if (!state.IsOpen) return next;
        Sooner(ref next, state.DueAt);
        Sooner(ref next, state.NextWaveAt);
        Sooner(ref next, state.NobodyYetAt);
        Sooner(ref next, state.ContactsAt);
        Sooner(ref next, state.Holder?.AnswerBy);
        Sooner(ref next, ForgottenAt(state));
        foreach (var offer in state.Offers.Where(o => o.IsWaiting))
        {
            if (offer.Responder != state.Holder?.Responder) Sooner(ref next, offer.AnswerBy);
            Sooner(ref next, NudgeAt(offer, options));
        }

        return next;
    }

    /// <summary>Lets pass what is over; true when something changed and must be written.</summary>
    public static bool Pass(AlertState state, Guid alertId, DateTimeOffset now, DispatchOptions options)
    {
        var seq = state.OutboxId + state.Seq;
        AttachmentRules.Lapse(state, now);
        if (!state.IsOpen) return state.OutboxId + state.Seq != seq;
        foreach (var offer in state.Offers.Where(o => o.IsWaiting && o.Responder != state.Holder?.Responder && o.AnswerBy <= now).ToList()) GoSilent(state, offer, now);
        if (state.Holder is { AnswerBy: { } answerBy } holder && answerBy <= now) HolderSilent(state, alertId, holder, now);
        foreach (var offer in state.Offers.Where(o => o.IsWaiting)) Nudge(state, alertId, offer, now, options);
        if (state.ContactsAt <= now) AlertContacts.Tell(state, alertId);
        if (state.NobodyYetAt <= now)
        {
            state.NobodyYetAt = null;
            state.NobodyYet = true;
            state.Add(now, AlertEventKind.NobodyYet, Actor.Service);
        }

        if (ForgottenAt(state) <= now)
        {
            // An event itself: it is said once a day.
            state.NeedsStaff = true;
            state.Add(now, AlertEventKind.Forgotten, Actor.Service);
            state.Send(new OutboxItem { Kind = OutboxKind.CallStaff });
        }

        return state.OutboxId + state.Seq != seq;
    }

    private static DateTimeOffset ForgottenAt(AlertState state) => (state.Timeline is [.., var newest] ? newest.At : state.RaisedAt) + ForgottenAfter;

    private static void GoSilent(AlertState state, Offer offer, DateTimeOffset now)
    {
        offer.Answer = OfferAnswer.Silent;
        state.Release(offer.Responder, 0, ReleaseReason.Silent);
        state.Add(now, AlertEventKind.Silent, Actor.Service, responder: offer.Responder);
    }

    private static void HolderSilent(AlertState state, Guid alertId, Holder holder, DateTimeOffset now)
    {
        if (state.OfferOf(holder.Responder) is { } offer)
        {
            offer.Answer = OfferAnswer.Silent;
            if (holder.Accepted) state.Deliver(alertId, holder.Responder, InboxKind.StandDown, offer.Round, null, "silent");
        }

        state.Add(now, AlertEventKind.Silent, Actor.Service, name: holder.Name, responder: holder.Responder);
        ResponderMoves.FallAway(state, ReleaseReason.Silent, Actor.Service, now);
    }

    // No receipt: pushed once more, then texted. Each (alert, recipient, kind) is one inbox item and at most one text.
    private static void Nudge(AlertState state, Guid alertId, Offer offer, DateTimeOffset now, DispatchOptions options)
    {
        if (NudgeAt(offer, options) is not { } at || at > now) return;
        offer.Nudges = offer.Offline ? 2 : offer.Nudges + 1;
        if (offer.Nudges == 1)
        {
            var kind = offer.Assigned ? InboxKind.Assigned : InboxKind.Offer;
            state.Deliver(alertId, offer.Responder, kind, offer.Round, AlertBriefing.Brief(state, offer, false, offer.AnswerBy));
        }
        else
        {
            state.Text(offer.Responder, offer.Assigned ? TextTemplate.AssignedWaiting : TextTemplate.OfferWaiting);
        }
    }

    private static DateTimeOffset? NudgeAt(Offer offer, DispatchOptions options) =>
        offer.DeliveredAt is null && offer.Nudges < 2 ? offer.At + options.NudgeAfter * (offer.Offline ? 1 : offer.Nudges + 1) : null;

    private static void Sooner(ref DateTimeOffset? next, DateTimeOffset? candidate)
    {
        if (candidate is { } c && !(next <= c)) next = c;
    }
}
