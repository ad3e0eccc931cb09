using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Copying;

namespace Sos.Embedded.Runtime.References;

/// <summary>
/// Makes the class of references to an interface. Each method makes a call object, copies what is not immutable into its typed fields and
/// sends it: nothing is boxed, and nothing is looked up.
/// </summary>
internal static class ReferenceEmitter
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const MethodAttributes Implementation =
        MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot;

    public static ConstructorInfo Emit(Type interfaceType)
    {
        lock (ReferenceModule.Gate)
        {
            ReferenceModule.Open(typeof(GrainReference));
            ReferenceModule.Open(interfaceType);
            var type = ReferenceModule.Define($"{interfaceType.Name} reference", typeof(GrainReference), interfaceType);
            EmitConstructor(type);
            foreach (var method in interfaceType.GetInterfaces().Prepend(interfaceType).SelectMany(declaring => declaring.GetMethods(Own)))
                EmitMethod(type, method);
            return type.CreateType().GetConstructors(Own)[0];
        }
    }

    private static void EmitConstructor(TypeBuilder type)
    {
        var parent = typeof(GrainReference).GetConstructors(Own)[0];
        Type[] parameters = [typeof(ISilo), typeof(GrainId)];
        var code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, parameters).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Call, parent);
        code.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder type, MethodInfo method)
    {
        // A static or default method of the interface is not a call.
        if (!method.IsAbstract) return;

        var parameters = method.GetParameters();
        var call = CallEmitter.Emit(method);
        var implementation = type.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}", Implementation, method.ReturnType, [.. parameters.Select(parameter => parameter.ParameterType)]);
        var code = implementation.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Newobj, call.Constructor);
        for (var i = 0; i < parameters.Length; i++)
        {
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldarg, i + 1);
            EmitCopy(code, parameters[i]);
            code.Emit(OpCodes.Stfld, call.Arguments[i]);
        }

        code.Emit(OpCodes.Call, SenderFor(call.Kind, call.ResultType));
        code.Emit(OpCodes.Ret);
        type.DefineMethodOverride(implementation, method);
    }

    private static void EmitCopy(ILGenerator code, ParameterInfo parameter)
    {
        var copier = typeof(Copier<>).MakeGenericType(parameter.ParameterType);
        var isIdentity = (bool)copier.GetField(nameof(Copier<int>.IsIdentity))!.GetValue(null)!;
        if (isIdentity || parameter.IsDefined(typeof(Orleans.ImmutableAttribute))) return;

        code.Emit(OpCodes.Call, copier.GetMethod(nameof(Copier<int>.Copy), [parameter.ParameterType])!);
    }

    private static MethodInfo SenderFor(CallKind kind, Type result)
    {
        var senders = typeof(GrainReference).GetMethods(Own);
        return kind switch
        {
            CallKind.Void => senders.Single(method => method.Name == nameof(GrainReference.Post)),
            CallKind.ValueTask => senders.Single(method => method is { Name: nameof(GrainReference.SendForValue), IsGenericMethod: false }),
            CallKind.ValueTaskWithResult =>
                senders.Single(method => method is { Name: nameof(GrainReference.SendForValue), IsGenericMethod: true }).MakeGenericMethod(result),
            _ => senders.Single(method => method.Name == nameof(GrainReference.Send)).MakeGenericMethod(result),
        };
    }
}
