using Orleans;
using Sos.Contracts.Audit;

namespace Sos.Grains.Audit;

/// <summary>A segment of a chain as it is stored: the open one by the chain, full ones by themselves.</summary>
[GenerateSerializer, Alias("sos.audit.segment-state")]
internal sealed class AuditSegmentState
{
    /// <summary>Number of the segment, from 0.</summary>
    [Id(0)] public int Number { get; set; }

    /// <summary>Hash of the entry before its first; the chain's own beginning for the first segment.</summary>
    [Id(1)] public string Before { get; set; } = "";

    /// <summary>Oldest first.</summary>
    [Id(2)] public List<AuditEntry> Entries { get; set; } = [];

    /// <summary>Number of its first entry.</summary>
    [Id(5)] public long First { get; set; } = 1;

    /// <summary>Entries of the chain so far.</summary>
    [Id(3)] public long Count { get; set; }

    /// <summary>Hash of the newest entry; empty when there is none.</summary>
    [Id(4)] public string Head { get; set; } = "";

    /// <summary>The segment as it is told.</summary>
    public AuditSegment ToSegment() => new(Number, First, Before, [.. Entries]);
}

/// <summary>The chains of a month.</summary>
[GenerateSerializer, Alias("sos.audit.index-state")]
internal sealed class AuditIndexState
{
    /// <summary>In order.</summary>
    [Id(0)] public List<string> Chains { get; set; } = [];
}
