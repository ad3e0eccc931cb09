namespace Orleans.Runtime;

/// <summary>A part of an id: text with a hash that is the same in every process.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? _text;
    private readonly int _hash;

    private IdSpan(string text)
    {
        _text = text;
        _hash = StableHash(text);
    }

    /// <summary>Whether this is the default value, which names nothing.</summary>
    public bool IsDefault => string.IsNullOrEmpty(_text);

    /// <summary>Makes a part of an id from text.</summary>
    /// <param name="id">The text.</param>
    public static IdSpan Create(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new IdSpan(id);
    }

    /// <inheritdoc/>
    public bool Equals(IdSpan obj) => _hash == obj._hash && string.Equals(_text, obj._text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>A hash that is the same in every process and spreads over all 32 bits.</summary>
    public uint GetUniformHashCode() => (uint)_hash;

    /// <summary>Orders by UTF-16 code units.</summary>
    /// <param name="other">The part to compare with.</param>
    public int CompareTo(IdSpan other) => string.CompareOrdinal(_text, other._text);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    /// <inheritdoc/>
    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);

    // FNV-1a over UTF-16 with a final avalanche (the 32-bit finalizer of MurmurHash3). string.GetHashCode would differ from run to
    // run, and ids are stored in the reminder table by their hash.
    private static int StableHash(string text)
    {
        uint hash = 2166136261;
        foreach (var c in text)
            hash = (hash ^ c) * 16777619;

        hash ^= hash >> 16;
        hash *= 0x85EBCA6B;
        hash ^= hash >> 13;
        hash *= 0xC2B2AE35;
        hash ^= hash >> 16;
        return (int)hash;
    }
}
