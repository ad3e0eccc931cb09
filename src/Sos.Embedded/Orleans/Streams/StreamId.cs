using System.Globalization;
using System.Text;

namespace Orleans.Runtime;

/// <summary>The name of a stream within its provider: a namespace and a key.</summary>
[GenerateSerializer, Immutable]
public readonly struct StreamId : IEquatable<StreamId>, IComparable<StreamId>
{
    [Id(0)]
    private readonly string? _namespace;

    [Id(1)]
    private readonly string _key;

    private StreamId(string? ns, string key)
    {
        _namespace = string.IsNullOrEmpty(ns) ? null : ns;
        _key = key;
    }

    /// <summary>Names a stream.</summary>
    /// <param name="ns">The namespace in UTF-8; empty for none.</param>
    /// <param name="key">The key in UTF-8.</param>
    public static StreamId Create(ReadOnlySpan<byte> ns, ReadOnlySpan<byte> key)
        => key.IsEmpty ? throw new ArgumentNullException(nameof(key)) : new StreamId(Encoding.UTF8.GetString(ns), Encoding.UTF8.GetString(key));

    /// <summary>Names a stream.</summary>
    /// <param name="ns">The namespace, or null.</param>
    /// <param name="key">The key.</param>
    public static StreamId Create(string? ns, Guid key) => new(ns, key.ToString("N"));

    /// <summary>Names a stream.</summary>
    /// <param name="ns">The namespace, or null.</param>
    /// <param name="key">The key.</param>
    public static StreamId Create(string? ns, long key) => new(ns, key.ToString(CultureInfo.InvariantCulture));

    /// <summary>Names a stream.</summary>
    /// <param name="ns">The namespace, or null.</param>
    /// <param name="key">The key.</param>
    public static StreamId Create(string? ns, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new StreamId(ns, key);
    }

    /// <summary>The key.</summary>
    public string GetKeyAsString() => _key ?? "";

    /// <summary>The namespace, or null.</summary>
    public string? GetNamespace() => _namespace;

    /// <inheritdoc/>
    public bool Equals(StreamId other) => string.Equals(_key, other._key) && string.Equals(_namespace, other._namespace);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IdSpan.Create(ToString()).GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(StreamId other)
        => string.CompareOrdinal(_namespace, other._namespace) is var byNamespace and not 0 ? byNamespace : string.CompareOrdinal(_key, other._key);

    /// <inheritdoc/>
    public override string ToString() => _namespace is null ? $"null/{_key}" : $"{_namespace}/{_key}";

    /// <inheritdoc/>
    public static bool operator ==(StreamId left, StreamId right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(StreamId left, StreamId right) => !left.Equals(right);
}
