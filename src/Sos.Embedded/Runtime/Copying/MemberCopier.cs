using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Sos.Embedded.Runtime.Copying;

/// <summary>Copies an object member by member, in code that is made once for its type.</summary>
internal static class MemberCopier
{
    private static readonly MethodInfo Record = typeof(CopyContext).GetMethod(nameof(CopyContext.Record))!;
    private static readonly MethodInfo TypeFromHandle = typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!;
    private static readonly MethodInfo Uninitialized = typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.GetUninitializedObject))!;

    public static Func<T, CopyContext, T> Make<T>(FieldInfo[] members)
    {
        var type = typeof(T);
        var method = new DynamicMethod($"Copy {type}", type, [type, typeof(CopyContext)], typeof(MemberCopier).Module, skipVisibility: true);
        var code = method.GetILGenerator();
        var copy = code.DeclareLocal(type);
        if (type.IsValueType)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Stloc, copy);
        }
        else
        {
            EmitNew(code, type);
            code.Emit(OpCodes.Stloc, copy);

            // Recorded before the members are copied: one of them may lead back here.
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldloc, copy);
            code.Emit(OpCodes.Callvirt, Record);
        }

        foreach (var member in members)
            EmitMember(code, type, copy, member);

        code.Emit(OpCodes.Ldloc, copy);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<T, CopyContext, T>>();
    }

    // As on Orleans: by the parameterless constructor where there is one, else without any.
    private static void EmitNew(ILGenerator code, Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (type.GetConstructor(Own, Type.EmptyTypes) is { } constructor)
        {
            code.Emit(OpCodes.Newobj, constructor);
            return;
        }

        code.Emit(OpCodes.Ldtoken, type);
        code.Emit(OpCodes.Call, TypeFromHandle);
        code.Emit(OpCodes.Call, Uninitialized);
        code.Emit(OpCodes.Castclass, type);
    }

    private static void EmitMember(ILGenerator code, Type type, LocalBuilder copy, FieldInfo member)
    {
        code.Emit(type.IsValueType ? OpCodes.Ldloca : OpCodes.Ldloc, copy);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, member);
        var copier = typeof(Copier<>).MakeGenericType(member.FieldType);
        if (!(bool)copier.GetField(nameof(Copier<int>.IsIdentity))!.GetValue(null)!)
        {
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Call, copier.GetMethod(nameof(Copier<int>.Copy), [member.FieldType, typeof(CopyContext)])!);
        }

        code.Emit(OpCodes.Stfld, member);
    }
}
