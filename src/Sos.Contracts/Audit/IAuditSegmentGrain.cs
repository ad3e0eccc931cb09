using Orleans;

namespace Sos.Contracts.Audit;

/// <summary>A full segment of a chain, written once; only its chain calls it. Key: see <see cref="AuditKeys.Segment"/>.</summary>
[Alias("sos.audit.IAuditSegmentGrain")]
public interface IAuditSegmentGrain : IGrainWithStringKey
{
    /// <summary>Keeps it; what is kept already stays.</summary>
    [Alias("Keep")] Task Keep(AuditSegment segment);

    /// <summary>The segment, or null.</summary>
    [Alias("Read")] Task<AuditSegment?> Read();
}
