using System.Collections.Immutable;
using Orleans.Runtime;
using Sos.Contracts.Audit;
using Sos.Contracts.Privacy;
using Sos.Grains.Privacy;

namespace Sos.Grains.Audit;

/// <summary>Checks the audit in what is stored, without any grain running: give it every stored state, then ask.</summary>
/// <param name="encryption">Opens what is stored.</param>
public sealed class AuditCheck(IKeyEncryption encryption)
{
    private readonly Dictionary<string, AuditSegmentState> _open = [];
    private readonly Dictionary<string, AuditSegmentState> _full = [];
    private readonly List<string> _listed = [];
    private readonly List<AuditVerdict> _unreadable = [];

    /// <summary>Takes a stored state; those that are not of the audit are passed over.</summary>
    /// <param name="grain">Whose.</param>
    /// <param name="name">Name of the state.</param>
    /// <param name="bytes">As stored.</param>
    public void Take(GrainId grain, string name, ReadOnlyMemory<byte> bytes)
    {
        var key = grain.Key.ToString()!;
        switch (grain.Type.ToString())
        {
            case "sos.audit":
                if (Open<AuditSegmentState>(grain, name, bytes) is { } open) _open[key] = open;
                break;
            case "sos.audit-segment":
                if (Open<AuditSegmentState>(grain, name, bytes) is { } full) _full[key] = full;
                break;
            case "sos.audit-index":
                if (Open<AuditIndexState>(grain, name, bytes) is { } index) _listed.AddRange(index.Chains);
                break;
        }
    }

    /// <summary>What was found in each chain, those that should be there and are not among them.</summary>
    public ImmutableArray<AuditVerdict> Verdicts() =>
        [.. _open.Keys.Union(_listed).Order(StringComparer.Ordinal).Select(chain => _open.TryGetValue(chain, out var open)
            ? AuditRules.Check(chain, [.. Enumerable.Range(0, open.Number).Select(n => _full.GetValueOrDefault(AuditKeys.Segment(chain, n))?.ToSegment())], open)
            : Missing(chain)), .. _unreadable];

    private T? Open<T>(GrainId grain, string name, ReadOnlyMemory<byte> bytes)
        where T : class
    {
        if (StoredRecord.Open<T>(encryption, name, grain, bytes) is { } state) return state;
        _unreadable.Add(new AuditVerdict(grain.Key.ToString()!, 0, null, [$"{grain.Key}: a record of the audit was changed and does not open, or its key is missing"]));
        return null;
    }

    /// <summary>The verdict over a chain that the index lists and nobody has.</summary>
    public static AuditVerdict Missing(string chain) => new(chain, 0, null, [$"{chain}: the chain is missing"]);
}
