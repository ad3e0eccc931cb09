using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sos.Contracts.Zones.Cap;

/// <summary>Keys of warnings and of their zones: the same message has the same ones on every server and every time that it comes.</summary>
public static class CapKeys
{
    /// <summary>Lists that the warnings are spread over.</summary>
    public const int Shards = 16;

    /// <summary>The list of zones that are published.</summary>
    public const string Published = "published";

    /// <summary>The key of a message: the milliseconds of its time and a hash of its name, laid out like a UUID of version 7, so that keys are in the order of time.</summary>
    public static Guid Of(CapReference name) => Hashed(name.Sent, string.Create(CultureInfo.InvariantCulture, $"{name.Sender}\n{name.Identifier}\n{name.Sent.UtcDateTime:yyyyMMddHHmmss}"));

    /// <summary>The id of a zone of a message.</summary>
    /// <param name="name">The message.</param>
    /// <param name="number">The zone's number in it, from 0.</param>
    public static Guid Zone(CapReference name, int number) => Hashed(name.Sent, string.Create(CultureInfo.InvariantCulture, $"{Of(name):N}\nzone\n{number}"));

    /// <summary>The list that a message is on.</summary>
    public static string ShardOf(Guid key) => Shard(key.ToByteArray()[15] % Shards);

    /// <summary>A list of messages.</summary>
    public static string Shard(int shard) => shard.ToString("x", CultureInfo.InvariantCulture);

    private static Guid Hashed(DateTimeOffset at, string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, Math.Max(0, at.ToUnixTimeMilliseconds()));
        time[2..].CopyTo(bytes);
        bytes[6] = (byte)(0x70 | bytes[6] & 0x0F);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new Guid(bytes, bigEndian: true);
    }
}
