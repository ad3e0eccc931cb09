namespace Orleans.Runtime;

/// <summary>Values that travel with a request: what a caller sets is seen by the grain it calls, and by those that this one calls.</summary>
/// <remarks>A change is seen by what is called after it, never by the caller.</remarks>
public static class RequestContext
{
    // Never changed once it is here: a message carries the dictionary itself.
    private static readonly AsyncLocal<Dictionary<string, object>?> Values = new();

    /// <summary>The keys of the values that travel with this request.</summary>
    public static IEnumerable<string> Keys => Values.Value?.Keys ?? Enumerable.Empty<string>();

    /// <summary>The values that travel with this request.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Values.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>The value under a key, or null.</summary>
    /// <param name="key">The key.</param>
    public static object? Get(string key) => Values.Value?.GetValueOrDefault(key);

    /// <summary>Sets a value for the calls made from here on.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; it must be immutable, as it is shared by all that see it.</param>
    public static void Set(string key, object value)
    {
        var values = Values.Value is { } old ? new Dictionary<string, object>(old) : new Dictionary<string, object>(1);
        values[key] = value;
        Values.Value = values;
    }

    /// <summary>Removes a value for the calls made from here on.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Remove(string key)
    {
        if (Values.Value is not { } old || !old.ContainsKey(key)) return false;

        var values = new Dictionary<string, object>(old);
        values.Remove(key);
        Values.Value = values.Count == 0 ? null : values;
        return true;
    }

    /// <summary>Removes all values for the calls made from here on.</summary>
    public static void Clear() => Import(null);

    internal static Dictionary<string, object>? Export() => Values.Value;

    internal static void Import(Dictionary<string, object>? values)
    {
        // Writing an AsyncLocal copies the execution context, so the usual case, nothing and nothing, must not write.
        if (!ReferenceEquals(Values.Value, values)) Values.Value = values;
    }
}
