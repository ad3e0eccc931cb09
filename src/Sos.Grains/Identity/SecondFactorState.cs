using Orleans;

namespace Sos.Grains.Identity;

/// <summary>A second factor. Nothing in it signs in without the service's keys.</summary>
[GenerateSerializer, Alias("sos.identity.second-factor-state")]
public sealed class SecondFactorState
{
    /// <summary>Encrypted secret in use; null: there is none.</summary>
    [Id(0)] public byte[]? Secret { get; set; }

    /// <summary>Encrypted secret that waits for its first code; null: none does.</summary>
    [Id(1)] public byte[]? Proposed { get; set; }

    /// <summary>Step of the newest code that was used.</summary>
    [Id(2)] public long LastStep { get; set; }

    /// <summary>Keyed hashes of recovery codes that are left.</summary>
    [Id(3)] public List<string> Recovery { get; set; } = [];

    /// <summary>Tries since the last good one.</summary>
    [Id(4)] public int Tries { get; set; }

    /// <summary>The newest try.</summary>
    [Id(5)] public DateTimeOffset TriedAt { get; set; }
}
