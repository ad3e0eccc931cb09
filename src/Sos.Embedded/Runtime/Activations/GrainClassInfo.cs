using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.Activations;

/// <summary>What is known about a grain class before it is activated.</summary>
internal sealed class GrainClassInfo
{
    private readonly ConcurrentDictionary<MethodInfo, MethodInfo> _implementations = new();
    private readonly Lazy<GrainConstructor> _constructor;

    public GrainClassInfo(Type grainClass)
    {
        Class = grainClass;
        Type = TypeOf(grainClass);
        IsReentrant = grainClass.IsDefined(typeof(ReentrantAttribute));
        IsFilter = typeof(IIncomingGrainCallFilter).IsAssignableFrom(grainClass);
        _constructor = new(() => new GrainConstructor(grainClass));
    }

    public Type Class { get; }

    public GrainType Type { get; }

    public bool IsReentrant { get; }

    /// <summary>Whether its grains filter their own calls.</summary>
    public bool IsFilter { get; }

    public object Create(IActivation activation) => _constructor.Value.Invoke(activation);

    /// <summary>The method of the class that implements an interface method.</summary>
    public MethodInfo ImplementationOf(MethodInfo interfaceMethod) => _implementations.GetOrAdd(interfaceMethod, FindImplementation);

    private MethodInfo FindImplementation(MethodInfo interfaceMethod)
    {
        if (!interfaceMethod.DeclaringType!.IsAssignableFrom(Class)) return interfaceMethod;

        var map = Class.GetInterfaceMap(interfaceMethod.DeclaringType);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, interfaceMethod)];
    }

    // Orleans' own default: the class name in lower case, without "Grain" at its end.
    private static GrainType TypeOf(Type grainClass)
    {
        if (grainClass.GetCustomAttribute<GrainTypeAttribute>() is { } given) return GrainType.Create(given.Name);

        var name = grainClass.Name.ToLowerInvariant();
        return GrainType.Create(name.EndsWith("grain", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name);
    }
}

/// <summary>Makes grain objects: each constructor parameter is a stored state, a thing of the activation or a service.</summary>
internal sealed class GrainConstructor
{
    private static readonly MethodInfo MakeState = typeof(GrainConstructor).GetMethod(nameof(CreateState), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly ConstructorInvoker _constructor;
    private readonly Func<IActivation, object?>[] _arguments;

    public GrainConstructor(Type grainClass)
    {
        var constructors = grainClass.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        if (constructors.Length != 1)
            throw new InvalidOperationException($"{grainClass} has {constructors.Length} constructors: a grain class has one.");

        _constructor = ConstructorInvoker.Create(constructors[0]);
        _arguments = [.. constructors[0].GetParameters().Select(ArgumentOf)];
    }

    public object Invoke(IActivation activation)
    {
        var values = new object?[_arguments.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = _arguments[i](activation);
        return _constructor.Invoke(values.AsSpan());
    }

    private static Func<IActivation, object?> ArgumentOf(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state) return StateOf(parameter, state);
        if (type == typeof(IGrainContext)) return static activation => activation;
        if (type == typeof(IGrainFactory)) return static activation => activation.GrainFactory;
        if (type == typeof(GrainId)) return static activation => activation.GrainId;
        if (type == typeof(TimeProvider)) return static activation => activation.TimeProvider;
        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        if (parameter.HasDefaultValue) return activation => activation.ActivationServices.GetService(type) ?? parameter.DefaultValue;

        return activation => activation.ActivationServices.GetRequiredService(type);
    }

    private static Func<IActivation, object?> StateOf(ParameterInfo parameter, PersistentStateAttribute attribute)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            throw new InvalidOperationException($"{parameter.Member.DeclaringType}: [PersistentState] belongs on an IPersistentState<T>, not on a {type}.");

        var make = MakeState.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<IActivation, string, string?, object>>();
        return activation => make(activation, attribute.StateName, attribute.StorageName);
    }

    private static object CreateState<TState>(IActivation activation, string stateName, string? storageName)
        => activation.Silo.Services.GetRequiredService<IPersistentStateFactory>().Create<TState>(activation, stateName, storageName);
}
