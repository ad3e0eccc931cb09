using System.Reflection;
using Orleans;

namespace Sos.Embedded.Runtime;

/// <summary>Finds grain classes.</summary>
internal static class GrainDiscovery
{
    private static readonly string Self = typeof(GrainDiscovery).Assembly.GetName().Name!;

    public static IEnumerable<Type> ClassesIn(IEnumerable<Assembly> assemblies)
        => assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IGrainBase).IsAssignableFrom(type))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>
    /// The assemblies that reference this one: those that are loaded, and those that these reference, as an assembly is loaded only when
    /// something in it is used.
    /// </summary>
    public static IReadOnlyList<Assembly> GrainAssemblies()
    {
        var found = new Dictionary<string, Assembly>();
        var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(ReferencesSelf));
        while (open.TryDequeue(out var assembly))
        {
            if (!found.TryAdd(assembly.FullName!, assembly)) continue;

            foreach (var name in assembly.GetReferencedAssemblies().Where(name => !IsPlatform(name)))
            {
                var referenced = Assembly.Load(name);
                if (ReferencesSelf(referenced)) open.Enqueue(referenced);
            }
        }

        return [.. found.Values];
    }

    private static bool ReferencesSelf(Assembly assembly) => !assembly.IsDynamic && assembly.GetReferencedAssemblies().Any(name => name.Name == Self);

    private static bool IsPlatform(AssemblyName name)
        => name.Name is { } simple && (simple.StartsWith("System", StringComparison.Ordinal) || simple.StartsWith("Microsoft", StringComparison.Ordinal)
            || simple.StartsWith("xunit", StringComparison.Ordinal) || simple is "netstandard" or "mscorlib");
}
