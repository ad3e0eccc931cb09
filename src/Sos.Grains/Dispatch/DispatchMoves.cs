using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Responders;
using Sos.Grains.Alerts;

namespace Sos.Grains.Dispatch;

/// <summary>What asking, assigning and finding nobody do to an alert.</summary>
internal static class DispatchMoves
{
    /// <summary>Asks a wave: offers, inbox items, the candidate set with its reasons.</summary>
    public static void AskWave(AlertState state, Guid alertId, ImmutableArray<Candidate> ranked, ImmutableArray<Candidate> wave, int warming, DateTimeOffset now, DispatchOptions options)
    {
        state.Round++;
        foreach (var candidate in wave)
        {
            var offer = Renew(state, candidate, false, now, now + options.AnswerTime);
            state.Deliver(alertId, candidate.Responder, InboxKind.Offer, offer.Round, AlertBriefing.Brief(state, offer, false, offer.AnswerBy));
        }

        if (state.Status == AlertStatus.Raised) state.Status = AlertStatus.Offered;
        state.NextWaveAt = now + options.AnswerTime;
        state.WarmUntil = null;
        state.NeedsStaff = false;
        state.Add(now, AlertEventKind.Offered, Actor.Service, count: wave.Length, text: Kilometres(state, options));
        DispatchRules.Keep(state, ranked, wave, "wave", warming, now, options);
        state.TrimOffers();
    }

    /// <summary>Assigns somebody whose capacity has been reserved under the version of this write.</summary>
    public static void Assign(AlertState state, Guid alertId, Candidate chosen, string name, Actor by, Guid? staff, string? reason, DateTimeOffset now, DispatchOptions options)
    {
        if (state.Holder is { } before && before.Responder != chosen.Responder) Replace(state, alertId, before);
        state.Round++;
        var offer = Renew(state, chosen, true, now, now + options.AnswerTime);
        offer.Name = name;
        state.Holder = new Holder
        {
            Responder = chosen.Responder,
            Name = name,
            Version = state.NextVersion,
            At = now,
            AnswerBy = offer.AnswerBy,
            EtaSeconds = chosen.EtaSeconds,
        };
        state.HolderVersion = state.NextVersion;
        state.Status = AlertStatus.Offered;
        state.DueAt = null;
        // Others may still be quicker than her; only where staff has chosen by hand does the asking stop.
        state.NextWaveAt = by == Actor.Staff ? null : state.NextWaveAt ?? now + options.AnswerTime;
        state.WarmUntil = null;
        state.NeedsStaff = false;
        state.Deliver(alertId, chosen.Responder, InboxKind.Assigned, offer.Round, AlertBriefing.Brief(state, offer, false, offer.AnswerBy));
        state.Add(now, AlertEventKind.Assigned, by, staff, name, reason, etaSeconds: chosen.EtaSeconds, responder: chosen.Responder);
        state.TrimOffers();
    }

    /// <summary>
    /// Nobody to ask in this ring: cells that have just started are asked again for a moment; else the ring is widened and searched at once;
    /// after the last one staff is called and everything is tried again from the first, also those who were silent.
    /// </summary>
    public static void FoundNobody(AlertState state, bool assigning, int warming, DateTimeOffset now, DispatchOptions options)
    {
        if (!assigning && state.Holder is not null)
        {
            state.NextWaveAt = now + options.RetryEvery;
            return;
        }

        if (warming > 0 && (state.WarmUntil ??= now + options.WarmingPatience) > now)
        {
            Again(state, assigning, now + TimeSpan.FromSeconds(1));
            return;
        }

        state.WarmUntil = null;
        if (state.Position is not null && state.Ring < options.Rings.Count - 1)
        {
            state.Ring++;
            Again(state, assigning, now);
            state.Add(now, AlertEventKind.RingWidened, Actor.Service, text: Kilometres(state, options));
            return;
        }

        if (!state.NeedsStaff)
        {
            state.NeedsStaff = true;
            state.Send(new OutboxItem { Kind = OutboxKind.CallStaff });
        }

        state.Exhausted++;
        Again(state, assigning, now + options.RetryEvery);
    }

    private static Offer Renew(AlertState state, Candidate candidate, bool assigned, DateTimeOffset now, DateTimeOffset answerBy)
    {
        var offer = state.OfferOf(candidate.Responder);
        if (offer is null) state.Offers.Add(offer = new Offer { Responder = candidate.Responder });
        offer.Assigned = assigned;
        offer.Round = state.Round;
        offer.Version = state.NextVersion;
        offer.At = now;
        offer.AnswerBy = answerBy;
        offer.Answer = OfferAnswer.Open;
        offer.EtaSeconds = candidate.EtaSeconds;
        offer.DistanceMetres = candidate.DistanceMetres;
        offer.Nudges = 0;
        offer.Offline = false;
        offer.Tour = state.Exhausted;
        return offer;
    }

    private static void Replace(AlertState state, Guid alertId, Holder before)
    {
        state.Release(before.Responder, before.Version, ReleaseReason.StoodDown);
        if (state.OfferOf(before.Responder) is not { } offer) return;
        offer.Answer = OfferAnswer.StoodDown;
        state.Deliver(alertId, before.Responder, InboxKind.StandDown, offer.Round, null, "reassigned");
    }

    private static void Again(AlertState state, bool assigning, DateTimeOffset at)
    {
        if (assigning) state.DueAt = at;
        else state.NextWaveAt = at;
    }

    private static string Kilometres(AlertState state, DispatchOptions options) =>
        options.Rings[Math.Min(state.Ring, options.Rings.Count - 1)].ToString(System.Globalization.CultureInfo.InvariantCulture);
}
