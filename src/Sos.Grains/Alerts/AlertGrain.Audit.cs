using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;

namespace Sos.Grains.Alerts;

/// <summary>Brings the acts of staff into the audit; a part of the pump.</summary>
internal sealed partial class AlertGrain
{
    // Answers the number of the newest that has arrived.
    private async Task<long> BringToAudit(long after)
    {
        foreach (var act in await ActsOfStaff(after))
        {
            await GrainFactory.GetGrain<IAuditGrain>(AuditKeys.ChainOf(act.At, act.Who ?? Guid.Empty)).Append(AlertAudit.Draft(Id, act));
            after = act.Seq;
        }

        return after;
    }

    private async Task<List<AlertEvent>> ActsOfStaff(long after)
    {
        var here = State.Timeline.Where(e => e.By == Actor.Staff && e.Seq > after && e.Seq <= _durableSeq).ToList();
        var (oldest, segments) = (State.Timeline.Count > 0 ? State.Timeline[0].Seq : long.MaxValue, State.HistorySegments);
        var before = new List<AlertEvent>();

        // The audit could not be reached for so long that the record has handed some of them over.
        for (var segment = (int)(after / AlertTimeline.SegmentLength); after + 1 < oldest && segment < segments; segment++)
        {
            var kept = await GrainFactory.GetGrain<IAlertHistoryGrain>(IAlertHistoryGrain.KeyOf(Id, segment)).Read();
            before.AddRange(kept.Where(e => e.By == Actor.Staff && e.Seq > after && e.Seq < oldest));
        }

        return [.. before, .. here];
    }
}
