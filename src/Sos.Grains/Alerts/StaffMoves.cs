using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Dispatch;

namespace Sos.Grains.Alerts;

/// <summary>What staff may do to an alert; each act is an event with its reason in the same write.</summary>
internal static class StaffMoves
{
    /// <summary>Staff sees the alerts of her areas, and every alert without a position.</summary>
    public static bool MaySee(AlertState state, IReadOnlyCollection<string> areas) =>
        state.Area == AreaId.None.Value || areas.Contains("*") || areas.Contains(state.Area);

    /// <summary>Why an act is refused; None: go on. An assignment still needs a reservation.</summary>
    public static AlertRefusal Check(AlertState state, StaffCommand command)
    {
        if (!state.Exists || !MaySee(state, command.Areas)) return AlertRefusal.NotFound;
        if (state.Repeated(command.Key) is { } repeated) return repeated;
        if (command.Move == StaffMove.Note) return AlertRefusal.None;
        if (!state.IsOpen) return AlertRefusal.IllegalMove;
        if (command.Version < state.HolderVersion) return AlertRefusal.Stale;
        return command.Move switch
        {
            StaffMove.Unassign when state.Holder is null => AlertRefusal.IllegalMove,

            // Somebody by name: she has been suspended. That counts wherever she is, and for nobody else.
            StaffMove.Unassign when command.Responder is { } named => named == state.Holder.Responder ? AlertRefusal.None : AlertRefusal.IllegalMove,
            StaffMove.Unassign when state.Status == AlertStatus.OnScene => AlertRefusal.IllegalMove,
            StaffMove.Assign when command.Responder is null || command.Responder == state.Victim => AlertRefusal.IllegalMove,
            StaffMove.Assign when state.Status == AlertStatus.OnScene => AlertRefusal.IllegalMove,
            StaffMove.Unclaim when state.ClaimedBy != command.Staff => AlertRefusal.IllegalMove,
            _ => AlertRefusal.None,
        };
    }

    /// <summary>The candidate that staff has chosen by hand, with what is known of the way.</summary>
    public static Candidate ByHand(AlertState state, Guid responder, PositionFix? position, Transport transport, DispatchOptions options)
    {
        var distance = position is { } from && state.Position is { } to ? from.Point.DistanceTo(to.Point) : default;
        return new Candidate(responder, distance.Metres, CandidateScoring.Eta(distance, transport, options), 1, 1, 1, true, "chosen");
    }

    /// <summary>Carries out every act but an assignment.</summary>
    public static void Apply(AlertState state, Guid alertId, StaffCommand command, DateTimeOffset now, DispatchOptions options)
    {
        switch (command.Move)
        {
            case StaffMove.Claim:
                state.ClaimedBy = command.Staff;
                state.NeedsStaff = false;
                state.Add(now, AlertEventKind.Claimed, Actor.Staff, command.Staff, text: command.Reason);
                break;
            case StaffMove.Unclaim:
                state.ClaimedBy = null;
                state.Add(now, AlertEventKind.Unclaimed, Actor.Staff, command.Staff, text: command.Reason);
                break;
            case StaffMove.Note:
                state.Add(now, AlertEventKind.Noted, Actor.Staff, command.Staff, text: command.Reason);
                break;
            case StaffMove.Unassign:
                var taken = state.Holder!;
                if (state.OfferOf(taken.Responder) is { } offer)
                {
                    offer.Answer = OfferAnswer.StoodDown;
                    state.Deliver(alertId, taken.Responder, InboxKind.StandDown, offer.Round, null, "unassigned");
                }

                ResponderMoves.FallAway(state, ReleaseReason.StoodDown, Actor.Staff, now, command.Staff, command.Reason);
                // Who takes somebody off usually means to assign another by hand: the service waits one answer time before it does.
                state.DueAt = ResponderMoves.Later(state.AssignFrom, now + options.AnswerTime);
                break;
            case StaffMove.Close:
                AlertRules.Close(state, alertId, AlertStatus.Resolved, now);
                state.Add(now, AlertEventKind.Resolved, Actor.Staff, command.Staff, text: command.Reason);
                break;
            case StaffMove.MarkFalse:
                AlertRules.Close(state, alertId, AlertStatus.FalseAlarm, now);
                state.Add(now, AlertEventKind.FalseAlarm, Actor.Staff, command.Staff, text: command.Reason);
                break;
        }
    }
}
