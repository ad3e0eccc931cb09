using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.Activations;

/// <summary>The grain classes of a silo: which class a type name means, and which one implements an interface.</summary>
internal sealed class GrainClasses
{
    private readonly Dictionary<GrainType, GrainClassInfo> _byType = [];
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainType> _byInterface = new();

    public GrainClasses(IEnumerable<Type> classes)
    {
        foreach (var grainClass in classes)
        {
            var info = new GrainClassInfo(grainClass);
            if (!_byType.TryAdd(info.Type, info) && _byType[info.Type].Class != grainClass)
                throw new InvalidOperationException($"{grainClass} and {_byType[info.Type].Class} are both \"{info.Type}\". Give one of them another [GrainType].");
        }

        All = [.. _byType.Values.OrderBy(info => info.Type).Select(info => new GrainClass(info.Class, info.Type))];
    }

    /// <summary>All classes, in the order of their type names.</summary>
    public IReadOnlyList<GrainClass> All { get; }

    public GrainClassInfo Of(GrainType type) => _byType.GetValueOrDefault(type) ?? throw new ArgumentException($"No grain class of this silo is \"{type}\".");

    /// <summary>The type of the class that implements an interface.</summary>
    public GrainType Implementing(Type interfaceType, string? classNamePrefix)
        => _byInterface.GetOrAdd((interfaceType, string.IsNullOrEmpty(classNamePrefix) ? null : classNamePrefix), static (asked, self) => self.Find(asked.Interface, asked.Prefix), this);

    private GrainType Find(Type interfaceType, string? prefix)
    {
        var candidates = _byType.Values
            .Where(info => interfaceType.IsAssignableFrom(info.Class) && (prefix is null || info.Class.FullName!.StartsWith(prefix, StringComparison.Ordinal)))
            .ToArray();
        return candidates.Length switch
        {
            1 => candidates[0].Type,
            0 => throw new ArgumentException($"No grain class of this silo implements {interfaceType}.", nameof(interfaceType)),
            _ => throw new ArgumentException(
                $"{interfaceType} is implemented by {string.Join(" and ", candidates.Select(info => info.Class))}. Say which with grainClassNamePrefix.", nameof(interfaceType)),
        };
    }
}
