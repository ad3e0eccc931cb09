using Orleans;
using Sos.Contracts.Dispatch;

namespace Sos.Grains.Dispatch;

/// <summary>A search that was kept.</summary>
[GenerateSerializer, Alias("sos.dispatch.candidate-set-state")]
internal sealed class CandidateSetState
{
    /// <summary>Null until it is kept; never changed afterwards.</summary>
    [Id(0)] public CandidateSet? Set { get; set; }
}
