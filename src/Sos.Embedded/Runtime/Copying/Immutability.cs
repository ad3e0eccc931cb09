using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime.Copying;

/// <summary>Decides which types need no copy. Asked once per type.</summary>
internal static class Immutability
{
    private static readonly FrozenSet<Type> Known = new[]
    {
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid),
        typeof(Int128), typeof(UInt128), typeof(Half), typeof(BigInteger), typeof(Complex), typeof(Rune), typeof(Index), typeof(Range),
        typeof(Uri), typeof(Version), typeof(CultureInfo), typeof(IPAddress), typeof(IPEndPoint), typeof(CancellationToken), typeof(DBNull),
        typeof(IdSpan), typeof(GrainType), typeof(GrainId), typeof(Nothing),
    }.ToFrozenSet();

    // Immutable when their elements are.
    private static readonly FrozenSet<Type> KnownGeneric = new[]
    {
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>),
        typeof(ImmutableHashSet<>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(FrozenSet<>), typeof(FrozenDictionary<,>), typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>),
    }.ToFrozenSet();

    /// <summary>Whether all values that a variable of the type can hold are immutable: the type is, and no other can hide behind it.</summary>
    public static bool OfVariable(Type type) => OfVariable(type, []);

    /// <summary>Whether objects of exactly this type are immutable.</summary>
    public static bool OfExactly(Type type) => OfExactly(type, []);

    private static bool OfVariable(Type type, HashSet<Type> asked)
        => (type.IsValueType || type.IsSealed || IsClosedFamily(type)) && OfExactly(type, asked);

    private static bool OfExactly(Type type, HashSet<Type> asked)
    {
        // A type that contains itself is immutable if the rest of it is.
        if (!asked.Add(type)) return true;
        if (type.IsPrimitive || type.IsEnum || Known.Contains(type)) return true;
        if (type.IsDefined(typeof(ImmutableAttribute), inherit: false)) return true;
        if (typeof(Type).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type) || typeof(GrainReference).IsAssignableFrom(type)) return true;

        // One process does not serialize exceptions. Between silos only those with a codec arrive.
        if (typeof(Exception).IsAssignableFrom(type)) return true;
        if (type.IsGenericType && (KnownGeneric.Contains(type.GetGenericTypeDefinition()) || typeof(ITuple).IsAssignableFrom(type) && type.IsValueType))
            return type.GetGenericArguments().All(argument => OfVariable(argument, asked));

        return type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && FieldsOf(type).All(field => IsImmutable(field, type, asked));
    }

    // A field of a struct is set only in the owner's own copy, so it need not be read-only.
    private static bool IsImmutable(FieldInfo field, Type type, HashSet<Type> asked) => (field.IsInitOnly || type.IsValueType) && OfVariable(field.FieldType, asked);

    // Frozen and immutable collections have private subclasses of their own, which hold nothing else.
    private static bool IsClosedFamily(Type type)
        => type.IsGenericType && type.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen" && KnownGeneric.Contains(type.GetGenericTypeDefinition())
        || type == typeof(Type) || type == typeof(IPAddress) || type == typeof(CultureInfo) || type == typeof(Uri) || type == typeof(IPEndPoint);

    internal static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var at = type; at is not null && at != typeof(object) && at != typeof(ValueType); at = at.BaseType)
        {
            foreach (var field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return field;
        }
    }
}
