using System.Text;

namespace Sos.Embedded.Storage;

/// <summary>What every store asks of a key, and the order that all of them share.</summary>
internal static class RecordKeys
{
    public const int MaxScan = 1000;

    // Two different broken strings would become the same bytes, so two records one: refused instead of replaced.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>By UTF-8 bytes, as SQLite compares; differs from UTF-16 order where surrogates are.</summary>
    public static readonly IComparer<string?> Order = Comparer<string?>.Create(Compare);

    public static void Check(RecordKey key)
    {
        Check(key.Kind, 200);
        Check(key.Key, 1000);
    }

    public static void CheckScan(string kind, string? after, int limit)
    {
        Check(kind, 200);
        if (after is not null) Check(after, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxScan);
    }

    private static void Check(string part, int limit)
    {
        ArgumentException.ThrowIfNullOrEmpty(part);
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(part);
        }
        catch (EncoderFallbackException broken)
        {
            throw new ArgumentException("A record's kind and key must be valid text.", nameof(part), broken);
        }

        if (bytes > limit) throw new ArgumentException($"A record's kind takes at most 200 bytes and its key 1,000; this has {bytes}.", nameof(part));
    }

    private static int Compare(string? left, string? right)
    {
        // null stands for the end, so that a view of a sorted set can be open upwards.
        if (left is null || right is null) return (left is null ? 1 : 0) - (right is null ? 1 : 0);
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length - right.Length;
        return CodePointOrder(left[same]) - CodePointOrder(right[same]);
    }

    // Surrogates stand for code points above U+FFFF and so come after U+E000 to U+FFFF.
    private static int CodePointOrder(char c) => c < 0xD800 ? c : c < 0xE000 ? c + 0x2000 : c - 0x800;
}
