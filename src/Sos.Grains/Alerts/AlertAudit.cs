using System.Security.Cryptography;
using System.Text;
using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;

namespace Sos.Grains.Alerts;

/// <summary>
/// What staff does to an alert is an event of its record; from there the outbox brings it into the audit, when that can be reached.
/// However long it cannot, one item waits, which says up to where everything has arrived.
/// </summary>
internal static class AlertAudit
{
    /// <summary>Puts the newest event, an act of staff, on its way.</summary>
    public static void Mark(AlertState state)
    {
        if (!state.Outbox.Exists(i => i.Kind == OutboxKind.Audit)) state.Send(new OutboxItem { Kind = OutboxKind.Audit, Version = state.Seq - 1 });
    }

    /// <summary>Everything up to an event has arrived; what staff did meanwhile is next.</summary>
    public static void Arrived(AlertState state, long seq)
    {
        if (state.Timeline.Exists(e => e.By == Actor.Staff && e.Seq > seq) && !state.Outbox.Exists(i => i.Kind == OutboxKind.Audit))
            state.Send(new OutboxItem { Kind = OutboxKind.Audit, Version = seq });
    }

    /// <summary>The entry of an act; the same act always gives the same.</summary>
    public static AuditDraft Draft(Guid alertId, AlertEvent act) => new(
        IdOf(alertId, act.Seq),
        act.At,
        act.Who ?? Guid.Empty,
        act.Kind switch
        {
            AlertEventKind.Claimed => AuditAct.ClaimedAlert,
            AlertEventKind.Unclaimed => AuditAct.UnclaimedAlert,
            AlertEventKind.Assigned => AuditAct.AssignedResponder,
            AlertEventKind.Unassigned => AuditAct.UnassignedResponder,
            AlertEventKind.Resolved => AuditAct.ClosedAlert,
            AlertEventKind.FalseAlarm => AuditAct.MarkedFalse,
            AlertEventKind.Attached => AuditAct.AddedAttachment,
            _ => AuditAct.NotedAlert,
        },
        $"alert/{alertId}",
        act.Text ?? "",
        act.Responder is { } responder ? $"responder/{responder}" : act.Attachment is { } attachment ? $"attachment/{attachment}" : null);

    private static Guid IdOf(Guid alertId, long seq) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{alertId:N}/{seq}")).AsSpan(0, 16));
}
