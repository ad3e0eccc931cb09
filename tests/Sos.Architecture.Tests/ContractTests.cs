using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains;

namespace Sos.Architecture.Tests;

/// <summary>Contracts are ready for a cluster: aliases are literal and unique, every member has its number, messages are immutable, grains hidden.</summary>
public sealed class ContractTests
{
    private static readonly Assembly Contracts = typeof(IAlertGrain).Assembly;
    private static readonly Assembly Grains = typeof(SosGrains).Assembly;

    private static IEnumerable<Type> Messages => Contracts.GetTypes().Concat(Grains.GetTypes()).Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null);

    private static IEnumerable<Type> GrainInterfaces => Contracts.GetTypes().Where(t => t.IsInterface && (typeof(IGrain).IsAssignableFrom(t) || typeof(IGrainObserver).IsAssignableFrom(t)));

    private static IEnumerable<Type> GrainClasses => Grains.GetTypes().Where(t => t.IsClass && !t.IsAbstract && typeof(Grain).IsAssignableFrom(t));

    [Fact]
    public void Everything_that_travels_has_a_serializer_an_alias_and_numbered_members()
    {
        var travelling = new HashSet<Type>();
        foreach (var method in GrainInterfaces.SelectMany(i => i.GetMethods()))
        {
            foreach (var parameter in method.GetParameters()) Collect(parameter.ParameterType, travelling);
            Collect(method.ReturnType, travelling);
        }

        Assert.True(travelling.Count > 30, "The walk found too little to mean anything.");
        var bad = travelling.Where(t => !t.IsEnum && !t.IsInterface).SelectMany(Faults).ToList();
        Assert.True(bad.Count == 0, string.Join("\n", bad));
    }

    [Fact]
    public void State_has_a_parameterless_constructor_an_alias_and_numbered_members()
    {
        var bad = Messages.Where(t => t.Assembly == Grains).SelectMany(t => Faults(t)
            .Concat(t.IsValueType || t.GetConstructor(Type.EmptyTypes) is not null ? [] : [$"{t.FullName}: no parameterless constructor"])).ToList();
        Assert.True(bad.Count == 0, string.Join("\n", bad));
    }

    [Fact]
    public void Aliases_are_unique_and_of_this_product()
    {
        var aliases = Messages.Concat(GrainInterfaces).Select(t => (Type: t, t.GetCustomAttribute<AliasAttribute>()?.Alias)).ToList();
        Assert.All(aliases, a => Assert.StartsWith("sos.", a.Alias ?? $"({a.Type.FullName} has none)"));
        Assert.Empty(aliases.GroupBy(a => a.Alias).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.DoesNotContain(Repository.Sources.Where(p => p.StartsWith("src/", StringComparison.Ordinal)), p => Repository.Text(p).Contains("[Alias(nameof") || Repository.Text(p).Contains("Alias(nameof("));
    }

    [Fact]
    public void Every_grain_method_has_a_literal_alias_and_no_async_suffix()
    {
        foreach (var method in GrainInterfaces.SelectMany(i => i.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)))
        {
            Assert.True(method.GetCustomAttribute<AliasAttribute>() is not null, $"{method.DeclaringType!.Name}.{method.Name} has no alias");
            Assert.False(method.Name.EndsWith("Async", StringComparison.Ordinal), $"{method.DeclaringType!.Name}.{method.Name}");
        }
    }

    [Fact]
    public void Observers_are_told_one_way()
    {
        var waiting = GrainInterfaces.Where(i => typeof(IGrainObserver).IsAssignableFrom(i)).SelectMany(i => i.GetMethods()).Where(m => m.GetCustomAttribute<OneWayAttribute>() is null).ToList();
        Assert.Empty(waiting.Select(m => $"{m.DeclaringType!.Name}.{m.Name}"));
    }

    /// <summary>A turn of hers waits for the grain that tells it (<c>Met</c>, <c>Noted</c>): were it waited for in its turn, a stop in between would last until one gave up.</summary>
    [Fact]
    public void Of_a_relative_her_devices_are_told_one_way() =>
        Assert.NotNull(typeof(IUserGrain).GetMethod(nameof(IUserGrain.Tell), [typeof(ProximityAlert)])!.GetCustomAttribute<OneWayAttribute>());

    [Fact]
    public void Grains_are_sealed_hidden_and_named()
    {
        Assert.NotEmpty(GrainClasses);
        Assert.All(GrainClasses, grain =>
        {
            Assert.True(grain.IsSealed && grain.IsNotPublic, $"{grain.Name} must be internal sealed");
            Assert.True(grain.GetCustomAttribute<GrainTypeAttribute>() is not null, $"{grain.Name} has no [GrainType]");
        });
        Assert.All(GrainClasses.SelectMany(g => g.GetConstructors()).SelectMany(c => c.GetParameters()), parameter =>
        {
            if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state) Assert.StartsWith("sos", state.StorageName);
        });
    }

    private static IEnumerable<string> Faults(Type type)
    {
        if (type.GetCustomAttribute<GenerateSerializerAttribute>() is null) yield return $"{type.FullName}: no [GenerateSerializer]";
        if (type.GetCustomAttribute<AliasAttribute>() is null) yield return $"{type.FullName}: no [Alias]";
        if (type.Assembly == Contracts && type.GetCustomAttribute<ImmutableAttribute>() is null) yield return $"{type.FullName}: not [Immutable]";
        var ids = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.SetMethod is not null && p.GetIndexParameters().Length == 0)
            .Select(p => (p.Name, p.GetCustomAttribute<IdAttribute>()?.Id)).ToList();
        foreach (var (name, id) in ids.Where(i => i.Id is null)) yield return $"{type.FullName}.{name}: no [Id]";
        foreach (var group in ids.GroupBy(i => i.Id).Where(g => g.Count() > 1)) yield return $"{type.FullName}: id {group.Key} twice";
    }

    private static void Collect(Type type, HashSet<Type> found)
    {
        if (type.HasElementType) Collect(type.GetElementType()!, found);
        foreach (var argument in type.IsGenericType ? type.GetGenericArguments() : []) Collect(argument, found);
        if (type.Namespace?.StartsWith("Sos.", StringComparison.Ordinal) != true || !found.Add(type)) return;
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)) Collect(property.PropertyType, found);
    }
}
