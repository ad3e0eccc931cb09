using Orleans;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>What is published of a zone.</summary>
[GenerateSerializer, Alias("sos.zones.cap.publication-state")]
internal sealed class CapPublicationState
{
    /// <summary>The newest message; null: nothing was ever published.</summary>
    [Id(0)] public CapPublication? Newest { get; set; }

    /// <summary>Number of the newest message, from 1.</summary>
    [Id(1)] public int Number { get; set; }
}
