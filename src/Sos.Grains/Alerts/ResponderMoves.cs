using Sos.Contracts.Alerts;
using Sos.Contracts.Responders;
using Sos.Grains.Dispatch;

namespace Sos.Grains.Alerts;

/// <summary>What a responder may do to an alert, and what follows.</summary>
internal static class ResponderMoves
{
    /// <summary>Why a move is refused; None: go on. An accept still needs a reservation of the responder's capacity.</summary>
    public static AlertRefusal Check(AlertState state, RespondCommand command)
    {
        var offer = state.OfferOf(command.Responder);
        if (!state.Exists || offer is null) return AlertRefusal.NotFound;
        if (state.Repeated(command.Key) is { } repeated) return repeated;
        if (!state.IsOpen) return AlertRefusal.IllegalMove;
        if (command.Version < offer.Version) return AlertRefusal.Stale;
        var holds = state.Holder?.Responder == command.Responder;
        return command.Move switch
        {
            ResponderMove.Accept when state.IsAccepted && !holds => AlertRefusal.Taken,
            ResponderMove.Accept => AlertRefusal.None,
            ResponderMove.Decline when holds && state.Status == AlertStatus.OnScene => AlertRefusal.IllegalMove,
            ResponderMove.Decline => AlertRefusal.None,
            _ when !holds => state.IsAccepted ? AlertRefusal.Taken : AlertRefusal.IllegalMove,
            ResponderMove.EnRoute => Only(state.Status is AlertStatus.Accepted or AlertStatus.EnRoute),
            ResponderMove.OnScene => Only(state.Status is AlertStatus.EnRoute or AlertStatus.OnScene),
            ResponderMove.Resolve => Only(state.Status == AlertStatus.OnScene),
            _ => AlertRefusal.IllegalMove,
        };
    }

    /// <summary>True when the move has been made before: nothing is to be written.</summary>
    public static bool IsDone(AlertState state, RespondCommand command) => command.Move switch
    {
        ResponderMove.Accept => state.IsAccepted && state.Holder?.Responder == command.Responder,
        ResponderMove.Decline => state.OfferOf(command.Responder)?.Answer == OfferAnswer.Declined,
        ResponderMove.EnRoute => state.Status == AlertStatus.EnRoute,
        ResponderMove.OnScene => state.Status == AlertStatus.OnScene,
        _ => false,
    };

    /// <summary>She goes: she holds the alert, the search ends, the others are told.</summary>
    public static void Accept(AlertState state, Guid alertId, Guid responder, string name, DateTimeOffset now, DispatchOptions options)
    {
        var offer = state.OfferOf(responder)!;
        if (state.Holder is { } before && before.Responder != responder) state.Release(before.Responder, before.Version, ReleaseReason.StoodDown);
        Receive(offer, now, true);
        offer.Answer = OfferAnswer.Accepted;
        offer.Name = name;
        state.Holder = new Holder
        {
            Responder = responder,
            Name = name,
            Version = state.NextVersion,
            At = now,
            Accepted = true,
            EtaSeconds = offer.EtaSeconds,
            AnswerBy = now + options.EnRouteWithin,
        };
        state.HolderVersion = state.NextVersion;
        state.Status = AlertStatus.Accepted;
        AlertRules.StopSearch(state);
        state.Send(new OutboxItem { Kind = OutboxKind.Confirm, Target = responder, Version = state.NextVersion });
        state.StandDownOthers(alertId, responder, "taken");
        state.Add(now, AlertEventKind.Accepted, Actor.Responder, responder, name, etaSeconds: offer.EtaSeconds, responder: responder);
        AlertBriefing.BriefHolder(state, alertId);
    }

    /// <summary>She cannot: the next is asked at once.</summary>
    public static void Decline(AlertState state, RespondCommand command, DateTimeOffset now)
    {
        var offer = state.OfferOf(command.Responder)!;
        Receive(offer, now, true);
        offer.Answer = OfferAnswer.Declined;
        state.Add(now, AlertEventKind.Declined, Actor.Responder, command.Responder, offer.Name, AlertRules.Cut(command.Note), responder: command.Responder);
        if (state.Holder?.Responder == command.Responder) FallAway(state, ReleaseReason.Declined, Actor.Responder, now);
        else
        {
            state.Release(command.Responder, 0, ReleaseReason.Declined);
            if (state.Holder is null && !state.Offers.Exists(o => o.IsWaiting)) state.NextWaveAt = Earlier(state.NextWaveAt, now);
        }
    }

    /// <summary>Whoever held the alert does not any more: others are asked at once, and from 30 s after the press on the next is assigned at once.</summary>
    public static void FallAway(AlertState state, ReleaseReason reason, Actor by, DateTimeOffset now, Guid? who = null, string? text = null)
    {
        var holder = state.Holder!;
        state.Release(holder.Responder, holder.Version, reason);
        state.Holder = null;
        state.HolderVersion = state.NextVersion;
        state.Status = AlertStatus.Offered;
        state.DueAt = Later(state.AssignFrom, now);
        if (now < state.AssignFrom) state.NextWaveAt = now;
        state.Add(now, AlertEventKind.Unassigned, by, who, holder.Name, text ?? (reason == ReleaseReason.Silent ? "silent" : reason == ReleaseReason.Declined ? "declined" : "unassigned"), responder: holder.Responder);
    }

    /// <summary>Under way, on the scene, helped.</summary>
    public static void Advance(AlertState state, Guid alertId, RespondCommand command, DateTimeOffset now)
    {
        var holder = state.Holder!;
        holder.AnswerBy = null;
        var (status, kind) = command.Move switch
        {
            ResponderMove.EnRoute => (AlertStatus.EnRoute, AlertEventKind.EnRoute),
            ResponderMove.OnScene => (AlertStatus.OnScene, AlertEventKind.OnScene),
            _ => (AlertStatus.Resolved, AlertEventKind.Resolved),
        };
        if (status == AlertStatus.Resolved) AlertRules.Close(state, alertId, status, now);
        state.Status = status;
        state.Add(now, kind, Actor.Responder, command.Responder, holder.Name, AlertRules.Cut(command.Note), responder: command.Responder);
    }

    /// <summary>A receipt of a device; true when it says something new.</summary>
    public static bool Acknowledge(AlertState state, ReceiptCommand receipt, DateTimeOffset now)
    {
        var offer = state.OfferOf(receipt.Responder)!;
        var delivered = offer.DeliveredAt is null;
        var seen = receipt.Seen && offer.SeenAt is null;
        if (!delivered && !seen) return false;
        Receive(offer, now, receipt.Seen);
        if (delivered) state.Add(now, AlertEventKind.Delivered, Actor.Responder, receipt.Responder, count: state.Offers.Count(o => o.DeliveredAt is not null), responder: receipt.Responder);
        if (seen) state.Add(now, AlertEventKind.Seen, Actor.Responder, receipt.Responder, count: state.Offers.Count(o => o.SeenAt is not null), responder: receipt.Responder);
        return true;
    }

    internal static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    internal static DateTimeOffset Earlier(DateTimeOffset? a, DateTimeOffset b) => a is { } x && x < b ? x : b;

    private static void Receive(Offer offer, DateTimeOffset now, bool seen)
    {
        offer.DeliveredAt ??= now;
        if (seen) offer.SeenAt ??= now;
    }

    private static AlertRefusal Only(bool legal) => legal ? AlertRefusal.None : AlertRefusal.IllegalMove;
}
