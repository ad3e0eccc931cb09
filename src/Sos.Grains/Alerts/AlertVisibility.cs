using Sos.Contracts.Alerts;

namespace Sos.Grains.Alerts;

/// <summary>
/// Who sees what of an alert. The victim sees what is true of her help; staff of the area sees everything; a responder who was asked
/// sees kind and cell, the position only once she has accepted, and nothing after close; everybody else sees that there is no such alert.
/// </summary>
internal static class AlertVisibility
{
    /// <summary>How this reader stands to the alert.</summary>
    public static AlertStanding Of(AlertState state, AlertReader reader)
    {
        if (!state.Exists) return AlertStanding.Stranger;
        if (state.Victim == reader.User) return AlertStanding.Victim;
        if (reader.OwnOnly) return AlertStanding.Stranger;
        if (reader.IsStaff && StaffMoves.MaySee(state, reader.Areas)) return AlertStanding.Staff;
        if (!state.IsOpen) return AlertStanding.Stranger;
        if (state.Holder is { Accepted: true } holder && holder.Responder == reader.User) return AlertStanding.Rescuer;
        return state.OfferOf(reader.User) is { Answer: not OfferAnswer.StoodDown } ? AlertStanding.Asked : AlertStanding.Stranger;
    }

    /// <summary>The alert for a standing; null for strangers.</summary>
    public static AlertView? View(AlertState state, Guid alertId, AlertStanding standing, IReadOnlyList<double> rings)
    {
        if (standing == AlertStanding.Stranger) return null;
        var knowsPosition = standing is not AlertStanding.Asked;
        return new AlertView(
            alertId, state.Status, state.Kind, state.Version, state.Seq, state.Area, state.RaisedAt, state.HoldUntil, state.ClosedAt, state.Silent,
            knowsPosition ? state.Note : null,
            knowsPosition ? state.Position : null,
            new Receipts(state.Offers.Count, state.Offers.Count(o => o.DeliveredAt is not null), state.Offers.Count(o => o.SeenAt is not null)),
            state.Holder is { Accepted: true } holder ? new Rescuer(holder.Name, holder.EtaSeconds, holder.At) : null,
            state.NobodyYet,
            standing is AlertStanding.Victim or AlertStanding.Staff ? [.. state.Warnings] : [],
            standing == AlertStanding.Staff ? Detail(state, rings) : null,
            standing,
            Tombstone: state.Tombstone,
            Attachments: AttachmentRules.Visible(state, standing));
    }

    /// <summary>An event for a standing, with the sequence number of the one before it that the same standing sees; null: not for it.</summary>
    public static AlertEvent? Event(AlertState state, Guid alertId, int index, AlertStanding standing)
    {
        var e = state.Timeline[index];
        if (!Sees(e, standing)) return null;
        var prev = index - 1;
        while (prev >= 0 && !Sees(state.Timeline[prev], standing)) prev--;
        return Cut(e, standing) with { AlertId = alertId, Prev = prev >= 0 ? state.Timeline[prev].Seq : 0 };
    }

    /// <summary>Events of a history segment for a standing.</summary>
    public static IEnumerable<AlertEvent> Cut(IEnumerable<AlertEvent> events, Guid alertId, AlertStanding standing) =>
        events.Where(e => Sees(e, standing)).Select(e => Cut(e, standing) with { AlertId = alertId });

    /// <summary>The alert as it stands on its board.</summary>
    public static BoardEntry Entry(AlertState state, Guid alertId) => new(
        alertId, state.Area, state.Seq, state.Version, state.Status, state.Kind, state.RaisedAt, state.DueAt, state.Position,
        state.Holder?.Name, state.ClaimedBy, state.NeedsStaff);

    /// <summary>True for events that say something about help to the person in danger, or about her to the one who comes.</summary>
    public static bool Sees(AlertEvent e, AlertStanding standing) => standing switch
    {
        AlertStanding.Staff => true,
        AlertStanding.Victim => e.Kind is not (AlertEventKind.Claimed or AlertEventKind.Unclaimed or AlertEventKind.Noted or AlertEventKind.Declined or AlertEventKind.Silent
            or AlertEventKind.StaffTold or AlertEventKind.Forgotten or AlertEventKind.Assigned or AlertEventKind.Moved),
        AlertStanding.Rescuer => e.Kind is AlertEventKind.Raised or AlertEventKind.Appended or AlertEventKind.Moved or AlertEventKind.Attached
            or AlertEventKind.Accepted or AlertEventKind.EnRoute or AlertEventKind.OnScene || e.Kind >= AlertEventKind.Resolved && e.Kind <= AlertEventKind.FalseAlarm,
        AlertStanding.Asked => e.Kind is AlertEventKind.Raised or AlertEventKind.Resolved or AlertEventKind.Cancelled or AlertEventKind.FalseAlarm,
        _ => false,
    };

    private static AlertEvent Cut(AlertEvent e, AlertStanding standing) => standing switch
    {
        AlertStanding.Staff => e,
        AlertStanding.Victim => e with { Who = null, Responder = null, Position = null, Text = e.By == Actor.Victim ? e.Text : null, Name = e.Status >= AlertStatus.Accepted ? e.Name : null },
        AlertStanding.Rescuer => e with { Who = null, Responder = null, Text = e.By == Actor.Victim ? e.Text : null },
        _ => e with { Who = null, Responder = null, Name = null, Text = null, Position = null, EtaSeconds = null },
    };

    private static StaffDetail Detail(AlertState state, IReadOnlyList<double> rings) => new(
        state.Victim, state.DueAt, rings[Math.Min(state.Ring, rings.Count - 1)], state.ClaimedBy,
        [.. state.Offers.Select(o => new OfferView(o.Responder, o.Name, o.Assigned, o.At, o.DeliveredAt, o.SeenAt, o.Answer, o.EtaSeconds))],
        state.CandidateSets);
}
