using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Alerts;

/// <summary>Puts a look of staff at an alert into the audit before it is shown. While the alert is open it is reason enough; afterwards staff says why.</summary>
internal sealed class StaffLooks(AuditTrail audit)
{
    private const string Open = "the alert is open";

    /// <summary>Records the look of somebody who sees the alert as staff; the problem to answer with, or null: show it.</summary>
    /// <param name="view">The alert as she sees it.</param>
    /// <param name="user">Who looks.</param>
    /// <param name="act">What she looks at.</param>
    /// <param name="why">The header with her reason.</param>
    /// <param name="detail">Which part of it, or null.</param>
    /// <exception cref="AuditUnavailableException">It could not be recorded.</exception>
    public async Task<ProblemResult?> At(AlertView view, CurrentUser user, AuditAct act, string? why, string? detail = null)
    {
        if (view.Standing != AlertStanding.Staff) return null;
        if (!StaffReason.TryRead(why, out var reason))
        {
            if (view.ClosedAt is not null) return new ProblemResult(ProblemKind.ReasonRequired);
            reason = Open;
        }

        await audit.Record(user, act, $"alert/{view.Id}", reason, detail);
        return null;
    }
}
