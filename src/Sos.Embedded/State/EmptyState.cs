using System.Runtime.CompilerServices;

namespace Sos.Embedded.State;

/// <summary>The state of a grain that has no record yet.</summary>
internal static class EmptyState<TState>
{
    private static readonly Func<TState> Factory = Choose();

    /// <summary>
    /// A new object. Without a parameterless constructor it is not null but uninitialised, as on Orleans: every member has its
    /// type's default, also those that cannot be null.
    /// </summary>
    public static TState Create() => Factory();

    private static Func<TState> Choose()
    {
        var type = typeof(TState);
        if (type.IsValueType) return static () => default!;
        if (type.GetConstructor(Type.EmptyTypes) is not null) return Activator.CreateInstance<TState>;
        if (type.IsAbstract || type.IsArray || type == typeof(string)) return static () => default!;
        return static () => (TState)RuntimeHelpers.GetUninitializedObject(typeof(TState));
    }
}
