using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sos.Server.Identity;

/// <summary>
/// scrypt (RFC 7914): a memory-hard function of a password. The platform has none, and no library of one restores in the default build; PBKDF2
/// and SHA-256 in it are the platform's.
/// </summary>
internal static class Scrypt
{
    private const int SalsaWords = 16;

    /// <summary>Derives bytes from a password.</summary>
    /// <param name="password">The password.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="logN">Cost N is two to this power, 1 to 20; 128 · <paramref name="r"/> · N bytes of memory are used.</param>
    /// <param name="r">Block size.</param>
    /// <param name="p">How often it is done, one after another.</param>
    /// <param name="length">Bytes to derive.</param>
    public static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int logN, int r, int p, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(logN, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logN, 20);
        var blockWords = 2 * r * SalsaWords;
        var bytes = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, p * blockWords * sizeof(uint));
        var words = new uint[bytes.Length / sizeof(uint)];
        for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)));
        var memory = GC.AllocateUninitializedArray<uint>(blockWords << logN);
        for (var i = 0; i < p; i++) Mix(words.AsSpan(i * blockWords, blockWords), memory, 1 << logN);
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), words[i]);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(memory.AsSpan()));
        return Rfc2898DeriveBytes.Pbkdf2(password, bytes, 1, HashAlgorithmName.SHA256, length);
    }

    /// <summary>scryptROMix: fills the memory with what the block becomes, then reads it in an order that only the block knows.</summary>
    private static void Mix(Span<uint> block, uint[] memory, int n)
    {
        Span<uint> other = new uint[block.Length];
        var last = block.Length - SalsaWords;
        for (var i = 0; i < n; i++)
        {
            block.CopyTo(memory.AsSpan(i * block.Length));
            MixBlock(block, other);
            other.CopyTo(block);
        }

        for (var i = 0; i < n; i++)
        {
            Add(block, memory.AsSpan((int)(block[last] & (uint)(n - 1)) * block.Length, block.Length));
            MixBlock(block, other);
            other.CopyTo(block);
        }
    }

    /// <summary>scryptBlockMix.</summary>
    private static void MixBlock(ReadOnlySpan<uint> block, Span<uint> mixed)
    {
        var pieces = block.Length / SalsaWords;
        Span<uint> x = stackalloc uint[SalsaWords];
        block[^SalsaWords..].CopyTo(x);
        for (var i = 0; i < pieces; i++)
        {
            Add(x, block.Slice(i * SalsaWords, SalsaWords));
            Salsa(x);
            // Even pieces first, odd ones after them.
            x.CopyTo(mixed[(((i & 1) * pieces / 2 + i / 2) * SalsaWords)..]);
        }
    }

    private static void Add(Span<uint> to, ReadOnlySpan<uint> from)
    {
        var wide = MemoryMarshal.Cast<uint, Vector<uint>>(to);
        var read = MemoryMarshal.Cast<uint, Vector<uint>>(from);
        for (var i = 0; i < wide.Length; i++) wide[i] ^= read[i];
        for (var i = wide.Length * Vector<uint>.Count; i < to.Length; i++) to[i] ^= from[i];
    }

    /// <summary>The Salsa20/8 core: four times columns, then rows.</summary>
    private static void Salsa(Span<uint> x)
    {
        var (a0, a1, a2, a3) = (x[0], x[1], x[2], x[3]);
        var (b0, b1, b2, b3) = (x[4], x[5], x[6], x[7]);
        var (c0, c1, c2, c3) = (x[8], x[9], x[10], x[11]);
        var (d0, d1, d2, d3) = (x[12], x[13], x[14], x[15]);
        for (var round = 0; round < 4; round++)
        {
            Quarter(ref a0, ref b0, ref c0, ref d0);
            Quarter(ref b1, ref c1, ref d1, ref a1);
            Quarter(ref c2, ref d2, ref a2, ref b2);
            Quarter(ref d3, ref a3, ref b3, ref c3);
            Quarter(ref a0, ref a1, ref a2, ref a3);
            Quarter(ref b1, ref b2, ref b3, ref b0);
            Quarter(ref c2, ref c3, ref c0, ref c1);
            Quarter(ref d3, ref d0, ref d1, ref d2);
        }

        x[0] += a0; x[1] += a1; x[2] += a2; x[3] += a3;
        x[4] += b0; x[5] += b1; x[6] += b2; x[7] += b3;
        x[8] += c0; x[9] += c1; x[10] += c2; x[11] += c3;
        x[12] += d0; x[13] += d1; x[14] += d2; x[15] += d3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        b ^= BitOperations.RotateLeft(a + d, 7);
        c ^= BitOperations.RotateLeft(b + a, 9);
        d ^= BitOperations.RotateLeft(c + b, 13);
        a ^= BitOperations.RotateLeft(d + c, 18);
    }
}
