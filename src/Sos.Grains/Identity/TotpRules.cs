using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sos.Grains.Identity;

/// <summary>
/// Codes of authenticator apps: TOTP (RFC 6238) over HMAC-SHA-1, the one algorithm that every app has, with 6 digits and steps of 30 s. A code of
/// the step before and of the step after is taken too, for clocks and slow fingers.
/// </summary>
public static class TotpRules
{
    /// <summary>Length of a secret, bytes (RFC 4226, R6: 160 bits).</summary>
    public const int SecretBytes = 20;

    private const int StepSeconds = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The step whose code this is, around a time; null when it is none.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string typed, DateTimeOffset now)
    {
        var present = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        // All three are reckoned whatever the first says: the time tells nothing.
        for (var step = present - 1; step <= present + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(secret, step, 6)), Encoding.UTF8.GetBytes(typed))) found = step;
        }

        return found;
    }

    /// <summary>The code of a step (RFC 4226, 5.3).</summary>
    /// <param name="secret">Shared secret.</param>
    /// <param name="step">Steps of 30 s since 1970.</param>
    /// <param name="digits">6 to 8.</param>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 as authenticator apps speak it; HMAC-SHA-1 is not weakened by collisions.")]
    public static string Code(ReadOnlySpan<byte> secret, long step, int digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (number % (int)Math.Pow(10, digits)).ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>Bytes as letters and digits that can be read out (RFC 4648, 6, without padding).</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var b in bytes)
        {
            (bits, count) = ((bits << 8) | b, count + 8);
            for (; count >= 5; count -= 5) text.Append(Base32[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }

        if (count > 0) text.Append(Base32[(bits << (5 - count)) & 31]);
        return text.ToString();
    }
}
