using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Audit;

/// <summary>
/// One chain of the audit: the entries of a day and shard, each with the hash of the one before in its own. Key: see <see cref="AuditKeys"/>.
/// </summary>
[Alias("sos.audit.IAuditGrain")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>Puts an entry at the end; durable when answered. The same again changes nothing.</summary>
    [Alias("Append"), ResponseTimeout("00:00:02")] Task Append(AuditDraft draft);

    /// <summary>The newest entries below a number that the filter wants, newest first.</summary>
    [Alias("Page")] Task<ImmutableArray<AuditEntry>> Page(AuditFilter filter, long below, int limit);

    /// <summary>Reads the chain and reckons every hash again.</summary>
    [Alias("Verify")] Task<AuditVerdict> Verify();
}
