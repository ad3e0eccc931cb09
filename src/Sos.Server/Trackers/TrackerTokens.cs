using System.Security.Cryptography;
using Sos.Server.Identity;

namespace Sos.Server.Trackers;

/// <summary>A tracker's token that this service has made; whether it was revoked, its owner's trackers know.</summary>
/// <param name="Owner">User id.</param>
/// <param name="Hash">Keyed hash, all that is kept of it.</param>
internal sealed record TrackerToken(Guid Owner, string Hash);

/// <summary>
/// Tokens of trackers: a word by which they are known where they do not belong (and which scrubs them out of every log), their owner's id, 256 bits of chance,
/// and a seal. The owner is in the token so that a call for help knows whose it is even when nothing else answers.
/// </summary>
internal sealed class TrackerTokens(IdentitySeals seals)
{
    /// <summary>How every token begins.</summary>
    public const string Prefix = "sosT1_";

    private const int SecretBytes = 32;

    /// <summary>A new token and what is kept of it.</summary>
    public (string Token, string Hash) Make(Guid owner)
    {
        var token = seals.TrackerToken(owner, RandomNumberGenerator.GetBytes(SecretBytes));
        return seals.TryOpenTracker(token, out _, out var hash) ? (Prefix + token, hash) : throw new CryptographicException("A seal does not fit what it has sealed.");
    }

    /// <summary>Opens a token; null when this service has not made it.</summary>
    public TrackerToken? Open(string? text) =>
        text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && seals.TryOpenTracker(text[Prefix.Length..], out var owner, out var hash) ? new TrackerToken(owner, hash) : null;
}
