using Orleans;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.Copying;

/// <summary>Copies the values of one static type that go into and come out of grain calls. What is immutable is handed over as it is.</summary>
internal static class Copier<T>
{
    /// <summary>Whether every value that a variable of this type can hold is immutable.</summary>
    public static readonly bool IsIdentity = Immutability.OfVariable(typeof(T));

    private static readonly bool IsGrainInterface = typeof(T).IsInterface && typeof(IAddressable).IsAssignableFrom(typeof(T));

    // Made on first use, so that a type that cannot be copied fails the call that uses it, with its reason.
    private static Func<T, CopyContext, T>? _exact;

    public static T Copy(T value) => IsIdentity || value is null ? value : Copy(value, new CopyContext());

    public static T Copy(T value, CopyContext context)
    {
        if (IsIdentity || value is null) return value;
        if (typeof(T).IsValueType) return CopyExact(value, context);
        if (context.TryGetCopy(value, out var copy)) return (T)copy;

        // A grain that hands out itself hands out its reference, as on Orleans.
        if (IsGrainInterface && value is IGrainBase and IAddressable grain) return grain.AsReference<T>();

        var type = value.GetType();
        return type == typeof(T) ? CopyExact(value, context) : (T)RuntimeTypeCopier.Of(type).Copy(value, context);
    }

    /// <summary>Copies a value that is known to be of this very type.</summary>
    public static T CopyExact(T value, CopyContext context) => (_exact ??= CopierFactory.Make<T>())(value, context);
}

/// <summary>Copies objects whose type is known only when they are there.</summary>
internal abstract class RuntimeTypeCopier
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, RuntimeTypeCopier> Copiers = new();

    public static RuntimeTypeCopier Of(Type type)
        => Copiers.GetOrAdd(type, static t => (RuntimeTypeCopier)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(t))!);

    public abstract object Copy(object value, CopyContext context);

    private sealed class Typed<T> : RuntimeTypeCopier
    {
        public override object Copy(object value, CopyContext context) => Copier<T>.CopyExact((T)value, context)!;
    }
}
