using Orleans;
using Sos.Contracts.Audit;
using Sos.Server.Identity;

namespace Sos.Server.Audit;

/// <summary>
/// Puts what staff does and looks at into the audit, before it is done or shown: what cannot be recorded does not happen. Acts on an alert
/// do not come here: they are in the alert's own record, and its outbox brings them, so that no trouble with the audit holds help up.
/// </summary>
internal sealed partial class AuditTrail(IGrainFactory grains, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>Records an act or a look; durable when this returns.</summary>
    /// <param name="staff">Who.</param>
    /// <param name="act">What.</param>
    /// <param name="subject">To what: see <see cref="AuditDraft.Subject"/>.</param>
    /// <param name="reason">Why.</param>
    /// <param name="detail">More, or null.</param>
    /// <exception cref="AuditUnavailableException">It could not be recorded.</exception>
    public async Task Record(CurrentUser staff, AuditAct act, string subject, string reason, string? detail = null)
    {
        var now = time.GetUtcNow();
        try
        {
            await grains.GetGrain<IAuditGrain>(AuditKeys.ChainOf(now, staff.Id)).Append(new AuditDraft(Guid.CreateVersion7(now), now, staff.Id, act, subject, reason, detail));
        }
        catch (Exception trouble)
        {
            LogUnavailable(act, trouble.GetType().Name);
            throw new AuditUnavailableException(trouble);
        }
    }

    /// <summary>Records what helps people and goes on all the same; false: it could not be recorded, and no position may be shown.</summary>
    public async Task<bool> TryRecord(CurrentUser staff, AuditAct act, string subject, string reason, string? detail = null)
    {
        try
        {
            await Record(staff, act, subject, reason, detail);
            return true;
        }
        catch (AuditUnavailableException)
        {
            // Told in the log by Record.
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit did not take {Act} ({Exception})")]
    private partial void LogUnavailable(AuditAct act, string exception);
}

/// <summary>Something could not be put into the audit and was therefore not done or shown.</summary>
internal sealed class AuditUnavailableException(Exception inner) : Exception("The audit did not take the entry.", inner);
