using Orleans;

namespace Sos.Grains.Privacy;

/// <summary>An account whose end was asked for.</summary>
[GenerateSerializer, Alias("sos.privacy.account-deletion")]
internal sealed class AccountDeletionState
{
    /// <summary>When it ends; null when nobody wants it to.</summary>
    [Id(0)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>Keys of the phone grains that lead to it: keyed hashes.</summary>
    [Id(1)] public List<string> AddressKeys { get; set; } = [];
}
