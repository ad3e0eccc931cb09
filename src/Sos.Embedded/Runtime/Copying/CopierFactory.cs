using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.Copying;

/// <summary>Makes the function that copies values of exactly one type. The types are those that Orleans has codecs for, as far as they are used.</summary>
internal static class CopierFactory
{
    private static readonly Dictionary<Type, string> Collections = new()
    {
        [typeof(List<>)] = nameof(CollectionCopiers.List),
        [typeof(Dictionary<,>)] = nameof(CollectionCopiers.Dictionary),
        [typeof(HashSet<>)] = nameof(CollectionCopiers.HashSet),
        [typeof(SortedDictionary<,>)] = nameof(CollectionCopiers.SortedDictionary),
        [typeof(SortedSet<>)] = nameof(CollectionCopiers.SortedSet),
        [typeof(Queue<>)] = nameof(CollectionCopiers.Queue),
        [typeof(Stack<>)] = nameof(CollectionCopiers.Stack),
        [typeof(ReadOnlyCollection<>)] = nameof(CollectionCopiers.ReadOnlyCollection),
        [typeof(ImmutableArray<>)] = nameof(CollectionCopiers.ImmutableArray),
        [typeof(ImmutableList<>)] = nameof(CollectionCopiers.ImmutableList),
        [typeof(ImmutableDictionary<,>)] = nameof(CollectionCopiers.ImmutableDictionary),
        [typeof(ReadOnlyMemory<>)] = nameof(CollectionCopiers.ReadOnlyMemory),
        [typeof(Memory<>)] = nameof(CollectionCopiers.Memory),
        [typeof(Nullable<>)] = nameof(CollectionCopiers.Nullable),
    };

    public static Func<T, CopyContext, T> Make<T>()
    {
        var type = typeof(T);
        if (Immutability.OfExactly(type)) return static (value, _) => value;
        if (typeof(IAddressable).IsAssignableFrom(type)) return static (value, _) => throw NotAReference(value!);
        if (type.IsSZArray) return Closed<T>(nameof(CollectionCopiers.Array), type.GetElementType()!);
        if (type.IsGenericType && Collections.TryGetValue(type.GetGenericTypeDefinition(), out var name)) return Closed<T>(name, type.GetGenericArguments());
        if (type == typeof(object)) return static (value, _) => value;
        if (type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)) return MemberCopier.Make<T>(MembersOf(type));
        if (type.IsValueType && type.IsGenericType && type.Namespace == "System.Collections.Generic") return MemberCopier.Make<T>([.. Immutability.FieldsOf(type)]);
        if (type.IsGenericType && typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type)) return MemberCopier.Make<T>([.. Immutability.FieldsOf(type)]);

        throw new NotSupportedException(
            $"{type} cannot be passed to or returned from a grain: it has no [GenerateSerializer] and is not a type that the runtime knows. Orleans would find no codec for it.");
    }

    // Orleans copies what it serializes: members with an [Id], and the primary constructor parameters of a record.
    private static FieldInfo[] MembersOf(Type type) => [.. Immutability.FieldsOf(type).Where(IsMember)];

    private static bool IsMember(FieldInfo field)
    {
        if (field.IsDefined(typeof(IdAttribute))) return true;

        // The compiler names the field behind a property <Name>k__BackingField.
        if (field.Name is not ['<', .. var rest] || rest.IndexOf('>') is var end && end < 0) return false;

        var owner = field.DeclaringType!;
        var name = rest[..end];
        var property = owner.GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        if (property is not null && property.IsDefined(typeof(IdAttribute))) return true;

        var isRecord = owner.GetMethod("<Clone>$") is not null;
        return isRecord && owner.GetConstructors().Any(constructor => constructor.GetParameters().Any(parameter => parameter.Name == name));
    }

    private static Func<T, CopyContext, T> Closed<T>(string name, params Type[] arguments)
        => typeof(CollectionCopiers).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!.MakeGenericMethod(arguments)
            .CreateDelegate<Func<T, CopyContext, T>>();

    private static NotSupportedException NotAReference(object value) => value is IGrainObserver
        ? new($"An observer is passed by reference and {value.GetType()} is the object itself. Make a reference with CreateObjectReference.")
        : new($"A grain is passed by reference and {value.GetType()} is the object itself. Pass this.AsReference<T>() in place of this.");
}
