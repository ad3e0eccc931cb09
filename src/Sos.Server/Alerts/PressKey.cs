using System.Security.Cryptography;
using System.Text;

namespace Sos.Server.Alerts;

/// <summary>Which alert a press names. The client-made id is the key; an Idempotency-Key stands in for it or must equal it.</summary>
/// <param name="AlertId">The alert's id.</param>
/// <param name="Named">The client can send the same press again under this id.</param>
/// <param name="Fingerprint">Hash of the body where an Idempotency-Key counts, else null.</param>
/// <param name="Warnings">What was put right.</param>
internal readonly record struct PressKey(Guid AlertId, bool Named, string? Fingerprint, PressWarnings Warnings)
{
    private const int LongestKey = 255;

    /// <summary>Chooses the id: the body's, else the header's, else a new one.</summary>
    /// <param name="bodyId">Id in the body, or null.</param>
    /// <param name="header">Idempotency-Key as it came, or null.</param>
    /// <param name="victim">User id.</param>
    /// <param name="body">The body as it came.</param>
    /// <param name="now">For new ids.</param>
    public static PressKey Choose(Guid? bodyId, string? header, Guid victim, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var key = header?.Trim().Trim('"');
        if (key is not { Length: > 0 and <= LongestKey })
        {
            var ignored = header is null ? PressWarnings.None : PressWarnings.KeyIgnored;
            return new PressKey(bodyId ?? Guid.CreateVersion7(now), bodyId is not null, null, ignored);
        }

        var named = Guid.TryParse(key, out var uuid) && uuid != Guid.Empty ? uuid : Derive(victim, key);
        return bodyId is { } id && id != named
            ? new PressKey(id, true, null, PressWarnings.KeyIgnored)
            : new PressKey(named, true, Convert.ToBase64String(SHA256.HashData(body)), PressWarnings.None);
    }

    /// <summary>The press of a device that makes no ids: the same one again, told again with the same time, is the same alert.</summary>
    /// <param name="victim">User id.</param>
    /// <param name="device">Which of her devices.</param>
    /// <param name="pressedAt">When, as the device said.</param>
    public static PressKey OfDevice(Guid victim, string device, DateTimeOffset pressedAt) =>
        new(Derive(victim, $"device/{device}/{pressedAt.ToUnixTimeMilliseconds()}"), Named: true, null, PressWarnings.None);

    /// <summary>A key that is no UUID names an alert all the same: by a UUID of version 8 (RFC 9562) made of the person and the key.</summary>
    private static Guid Derive(Guid victim, string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. victim.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(key)], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
