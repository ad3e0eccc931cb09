using Orleans;

namespace Sos.Grains.Identity;

/// <summary>Codes sent in each hour of the last week, from which this hour's cap is reckoned.</summary>
[GenerateSerializer, Alias("sos.identity.code-watch-state")]
public sealed class CodeWatchState
{
    /// <summary>Hours since 1970 of the newest count.</summary>
    [Id(0)] public long Hour { get; set; }

    /// <summary>Codes by hour of the week, 168 of them: hour h is at h modulo 168.</summary>
    [Id(1)] public List<int> Sent { get; set; } = [];
}
