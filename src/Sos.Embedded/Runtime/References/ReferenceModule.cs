using System.Reflection;
using System.Reflection.Emit;

namespace Sos.Embedded.Runtime.References;

/// <summary>The assembly in memory that holds the made classes. It may see what is internal to the assemblies of the interfaces.</summary>
internal static class ReferenceModule
{
    private static readonly AssemblyBuilder Assembly =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Sos.Embedded.References"), AssemblyBuilderAccess.Run);

    private static readonly ModuleBuilder Module = Assembly.DefineDynamicModule("References");
    private static readonly ConstructorInfo IgnoresAccessChecks = DefineAttribute();
    private static readonly HashSet<string> Seen = [];
    private static int _last;

    /// <summary>Held while classes are made: the module is not safe for threads.</summary>
    public static Lock Gate { get; } = new();

    public static TypeBuilder Define(string name, Type parent, params Type[] interfaces)
        => Module.DefineType($"{name}#{++_last}", TypeAttributes.NotPublic | TypeAttributes.Sealed | TypeAttributes.Class, parent, interfaces);

    /// <summary>Opens the assemblies of a type and its type arguments.</summary>
    public static void Open(Type type)
    {
        if (type.HasElementType)
        {
            Open(type.GetElementType()!);
            return;
        }

        foreach (var argument in type.IsGenericType ? type.GetGenericArguments() : [])
            Open(argument);
        var name = type.Assembly.GetName().Name!;
        if (Seen.Add(name)) Assembly.SetCustomAttribute(new CustomAttributeBuilder(IgnoresAccessChecks, [name]));
    }

    // The runtime knows this attribute by its name; no public assembly declares it.
    private static ConstructorInfo DefineAttribute()
    {
        var type = Module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Public | TypeAttributes.Class, typeof(Attribute));
        var field = type.DefineField("_assemblyName", typeof(string), FieldAttributes.Private);
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(string)]);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, Type.EmptyTypes)!);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);

        var property = type.DefineProperty("AssemblyName", PropertyAttributes.None, typeof(string), null);
        var getter = type.DefineMethod("get_AssemblyName", MethodAttributes.Public | MethodAttributes.SpecialName, typeof(string), Type.EmptyTypes);
        var get = getter.GetILGenerator();
        get.Emit(OpCodes.Ldarg_0);
        get.Emit(OpCodes.Ldfld, field);
        get.Emit(OpCodes.Ret);
        property.SetGetMethod(getter);
        return type.CreateType().GetConstructor([typeof(string)])!;
    }
}
