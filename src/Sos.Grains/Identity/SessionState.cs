using Orleans;
using Sos.Contracts.Identity;

namespace Sos.Grains.Identity;

/// <summary>A family of refresh tokens. The tokens themselves are derived from key, session and number; none is kept.</summary>
[GenerateSerializer, Alias("sos.identity.session-state")]
public sealed class SessionState
{
    /// <summary>Whose.</summary>
    [Id(0)] public Guid UserId { get; set; }

    /// <summary>What the client called its device.</summary>
    [Id(1)] public string? Device { get; set; }

    /// <summary>Sign-in.</summary>
    [Id(2)] public DateTimeOffset OpenedAt { get; set; }

    /// <summary>Last refresh; the sign-in before the first.</summary>
    [Id(3)] public DateTimeOffset UsedAt { get; set; }

    /// <summary>Number of the refresh token that is good.</summary>
    [Id(4)] public int Generation { get; set; }

    /// <summary>Device that rotated last, as it called itself.</summary>
    [Id(5)] public string? RotatedBy { get; set; }

    /// <summary>When the session was ended; null while it is open.</summary>
    [Id(6)] public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When the second factor was last proved; null: not yet.</summary>
    [Id(7)] public DateTimeOffset? StrongAt { get; set; }

    /// <summary>What it was opened with.</summary>
    [Id(8)] public SignInMethod Method { get; set; }

    /// <summary>The app that it was opened for; null: the user's own device.</summary>
    [Id(9)] public AppSession? App { get; set; }
}
