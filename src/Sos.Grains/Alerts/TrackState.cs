using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Grains.Alerts;

/// <summary>Part of where a victim went.</summary>
[GenerateSerializer, Alias("sos.alerts.track-state")]
internal sealed class TrackState
{
    /// <summary>Oldest first, each moment once.</summary>
    [Id(0)] public List<PositionFix> Fixes { get; set; } = [];
}
