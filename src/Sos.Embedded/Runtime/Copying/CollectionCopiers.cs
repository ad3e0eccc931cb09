using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Sos.Embedded.Runtime.Copying;

/// <summary>Copies of collections: the container is new, its elements are copied as far as they need it.</summary>
internal static class CollectionCopiers
{
    public static T[] Array<T>(T[] source, CopyContext context)
    {
        var copy = (T[])source.Clone();
        context.Record(source, copy);
        if (!Copier<T>.IsIdentity)
        {
            for (var i = 0; i < copy.Length; i++)
                copy[i] = Copier<T>.Copy(copy[i], context);
        }

        return copy;
    }

    public static List<T> List<T>(List<T> source, CopyContext context)
    {
        var copy = Copier<T>.IsIdentity ? new List<T>(source) : new List<T>(source.Count);
        context.Record(source, copy);
        if (Copier<T>.IsIdentity) return copy;

        foreach (var item in source)
            copy.Add(Copier<T>.Copy(item, context));
        return copy;
    }

    public static Dictionary<TKey, TValue> Dictionary<TKey, TValue>(Dictionary<TKey, TValue> source, CopyContext context) where TKey : notnull
    {
        var copy = new Dictionary<TKey, TValue>(source.Count, source.Comparer);
        context.Record(source, copy);
        foreach (var (key, value) in source)
            copy.Add(Copier<TKey>.Copy(key, context), Copier<TValue>.Copy(value, context));
        return copy;
    }

    public static HashSet<T> HashSet<T>(HashSet<T> source, CopyContext context)
    {
        var copy = new HashSet<T>(source.Count, source.Comparer);
        context.Record(source, copy);
        foreach (var item in source)
            copy.Add(Copier<T>.Copy(item, context));
        return copy;
    }

    public static SortedDictionary<TKey, TValue> SortedDictionary<TKey, TValue>(SortedDictionary<TKey, TValue> source, CopyContext context) where TKey : notnull
    {
        var copy = new SortedDictionary<TKey, TValue>(source.Comparer);
        context.Record(source, copy);
        foreach (var (key, value) in source)
            copy.Add(Copier<TKey>.Copy(key, context), Copier<TValue>.Copy(value, context));
        return copy;
    }

    public static SortedSet<T> SortedSet<T>(SortedSet<T> source, CopyContext context)
    {
        var copy = new SortedSet<T>(source.Comparer);
        context.Record(source, copy);
        foreach (var item in source)
            copy.Add(Copier<T>.Copy(item, context));
        return copy;
    }

    public static Queue<T> Queue<T>(Queue<T> source, CopyContext context)
    {
        var copy = new Queue<T>(source.Count);
        context.Record(source, copy);
        foreach (var item in source)
            copy.Enqueue(Copier<T>.Copy(item, context));
        return copy;
    }

    public static Stack<T> Stack<T>(Stack<T> source, CopyContext context)
    {
        var copy = new Stack<T>(source.Count);
        context.Record(source, copy);

        // A stack is enumerated from its top, so it is filled from the other end.
        foreach (var item in source.Reverse())
            copy.Push(Copier<T>.Copy(item, context));
        return copy;
    }

    public static ReadOnlyCollection<T> ReadOnlyCollection<T>(ReadOnlyCollection<T> source, CopyContext context)
        => new([.. source.Select(item => Copier<T>.Copy(item, context))]);

    public static ImmutableArray<T> ImmutableArray<T>(ImmutableArray<T> source, CopyContext context)
        => source.IsDefault ? source : [.. source.Select(item => Copier<T>.Copy(item, context))];

    public static ImmutableList<T> ImmutableList<T>(ImmutableList<T> source, CopyContext context) => [.. source.Select(item => Copier<T>.Copy(item, context))];

    public static ImmutableDictionary<TKey, TValue> ImmutableDictionary<TKey, TValue>(ImmutableDictionary<TKey, TValue> source, CopyContext context) where TKey : notnull
        => source.ToImmutableDictionary(pair => Copier<TKey>.Copy(pair.Key, context), pair => Copier<TValue>.Copy(pair.Value, context), source.KeyComparer, source.ValueComparer);

    public static ReadOnlyMemory<T> ReadOnlyMemory<T>(ReadOnlyMemory<T> source, CopyContext context) => Array(source.ToArray(), context);

    public static Memory<T> Memory<T>(Memory<T> source, CopyContext context) => Array(source.ToArray(), context);

    public static T? Nullable<T>(T? source, CopyContext context) where T : struct => source is { } value ? Copier<T>.Copy(value, context) : null;
}
