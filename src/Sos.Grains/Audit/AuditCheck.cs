using System.Collections.Immutable;
using Orleans.Runtime;
using Sos.Contracts.Audit;
using Sos.Grains.State;

namespace Sos.Grains.Audit;

/// <summary>Checks the audit in what is stored, without any grain running: give it every stored state, then ask.</summary>
public sealed class AuditCheck
{
    private readonly SosStateSerializer _codec = new();
    private readonly Dictionary<string, AuditSegmentState> _open = [];
    private readonly Dictionary<string, AuditSegmentState> _full = [];
    private readonly List<string> _listed = [];

    /// <summary>Takes a stored state; those that are not of the audit are passed over.</summary>
    /// <param name="grain">Whose.</param>
    /// <param name="bytes">As stored.</param>
    public void Take(GrainId grain, ReadOnlyMemory<byte> bytes)
    {
        switch (grain.Type.ToString())
        {
            case "sos.audit":
                _open[grain.Key.ToString()!] = _codec.Deserialize<AuditSegmentState>(new BinaryData(bytes));
                break;
            case "sos.audit-segment":
                _full[grain.Key.ToString()!] = _codec.Deserialize<AuditSegmentState>(new BinaryData(bytes));
                break;
            case "sos.audit-index":
                _listed.AddRange(_codec.Deserialize<AuditIndexState>(new BinaryData(bytes)).Chains);
                break;
        }
    }

    /// <summary>What was found in each chain, those that should be there and are not among them.</summary>
    public ImmutableArray<AuditVerdict> Verdicts() =>
        [.. _open.Keys.Union(_listed).Order(StringComparer.Ordinal).Select(chain => _open.TryGetValue(chain, out var open)
            ? AuditRules.Check(chain, [.. Enumerable.Range(0, open.Number).Select(n => _full.GetValueOrDefault(AuditKeys.Segment(chain, n))?.ToSegment())], open)
            : Missing(chain))];

    /// <summary>The verdict over a chain that the index lists and nobody has.</summary>
    public static AuditVerdict Missing(string chain) => new(chain, 0, null, [$"{chain}: the chain is missing"]);
}
