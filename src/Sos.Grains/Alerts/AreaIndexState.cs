using Orleans;

namespace Sos.Grains.Alerts;

/// <summary>Areas, or shards of areas, in order.</summary>
[GenerateSerializer, Alias("sos.alerts.area-index-state")]
internal sealed class AreaIndexState
{
    /// <summary>In ordinal order, each once.</summary>
    [Id(0)] public List<string> Listed { get; set; } = [];
}
