using System.Collections.Concurrent;
using System.Reflection.Emit;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime.References;

/// <summary>The classes of references, one for each interface, made on first use and shared by all silos of the process.</summary>
internal static class ReferenceTypes
{
    private static readonly ConcurrentDictionary<Type, Lazy<Func<ISilo, GrainId, GrainReference>>> Makers = new();

    /// <summary>Makes a reference.</summary>
    public static GrainReference Make(Type interfaceType, ISilo silo, GrainId id)
        => Makers.GetOrAdd(interfaceType, static type => new(() => MakerOf(type))).Value(silo, id);

    private static Func<ISilo, GrainId, GrainReference> MakerOf(Type interfaceType)
    {
        if (!interfaceType.IsInterface || !typeof(IAddressable).IsAssignableFrom(interfaceType))
            throw new ArgumentException($"{interfaceType} is not a grain interface or an observer interface.", nameof(interfaceType));

        var constructor = ReferenceEmitter.Emit(interfaceType);
        var make = new DynamicMethod($"New {interfaceType}", typeof(GrainReference), [typeof(ISilo), typeof(GrainId)], typeof(ReferenceTypes).Module, skipVisibility: true);
        var code = make.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Newobj, constructor);
        code.Emit(OpCodes.Ret);
        return make.CreateDelegate<Func<ISilo, GrainId, GrainReference>>();
    }
}
