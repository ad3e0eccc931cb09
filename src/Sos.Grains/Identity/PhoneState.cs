using Orleans;

namespace Sos.Grains.Identity;

/// <summary>What an address remembers: its user, the codes that are on their way and when the last ones were sent. Bounded.</summary>
[GenerateSerializer, Alias("sos.identity.phone-state")]
public sealed class PhoneState
{
    /// <summary>The user of this address, once somebody has proved to read it.</summary>
    [Id(0)] public Guid? UserId { get; set; }

    /// <summary>The code session of a record that knew only one; read into <see cref="Codes"/>.</summary>
    [Id(1)] public Guid? SessionId { get; set; }

    /// <summary>Likewise its code's hash.</summary>
    [Id(2)] public byte[]? CodeHash { get; set; }

    /// <summary>Likewise when that code was sent.</summary>
    [Id(3)] public DateTimeOffset? SentAt { get; set; }

    /// <summary>Likewise its wrong codes so far.</summary>
    [Id(4)] public int Tries { get; set; }

    /// <summary>Codes that may still be good, oldest first.</summary>
    [Id(5)] public List<OpenCode> Codes { get; set; } = [];

    /// <summary>When the codes of the last day were sent, oldest first.</summary>
    [Id(6)] public List<DateTimeOffset> Sends { get; set; } = [];

    /// <summary>Wrong codes since the last good one.</summary>
    [Id(7)] public int Failures { get; set; }

    /// <summary>When it was last asked by a text message to be somebody's relative.</summary>
    [Id(8)] public DateTimeOffset? InvitedAt { get; set; }

    /// <summary>When who reads it last refused to be somebody's relative.</summary>
    [Id(9)] public DateTimeOffset? RefusedInvitationsAt { get; set; }
}

/// <summary>A code on its way, bound to the session that asked for it.</summary>
[GenerateSerializer, Alias("sos.identity.open-code")]
public sealed class OpenCode
{
    /// <summary>The code session.</summary>
    [Id(0)] public Guid SessionId { get; set; }

    /// <summary>Keyed hash of session and code.</summary>
    [Id(1)] public byte[] Hash { get; set; } = [];

    /// <summary>When it was sent.</summary>
    [Id(2)] public DateTimeOffset SentAt { get; set; }

    /// <summary>Wrong codes so far.</summary>
    [Id(3)] public int Tries { get; set; }
}
