using Orleans;

namespace Sos.Grains.Identity;

/// <summary>What an address remembers: its user, and at most one code session.</summary>
[GenerateSerializer, Alias("sos.identity.phone-state")]
public sealed class PhoneState
{
    /// <summary>The user of this address, once somebody has proved to read it.</summary>
    [Id(0)] public Guid? UserId { get; set; }

    /// <summary>The open code session.</summary>
    [Id(1)] public Guid? SessionId { get; set; }

    /// <summary>Keyed hash of session and code.</summary>
    [Id(2)] public byte[]? CodeHash { get; set; }

    /// <summary>When the last code was sent.</summary>
    [Id(3)] public DateTimeOffset? SentAt { get; set; }

    /// <summary>Wrong codes so far.</summary>
    [Id(4)] public int Tries { get; set; }
}
