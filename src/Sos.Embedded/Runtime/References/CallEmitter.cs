using System.Reflection;
using System.Reflection.Emit;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime.References;

/// <summary>What a method returns.</summary>
internal enum CallKind
{
    Void,
    Task,
    TaskWithResult,
    ValueTask,
    ValueTaskWithResult,
}

/// <summary>A made class of calls.</summary>
/// <param name="Constructor">Makes a call without arguments.</param>
/// <param name="Arguments">The fields of the arguments, in order.</param>
/// <param name="Kind">What the method returns.</param>
/// <param name="ResultType">The type of the result; <see cref="Nothing"/> where there is none.</param>
internal sealed record CallType(ConstructorInfo Constructor, FieldInfo[] Arguments, CallKind Kind, Type ResultType);

/// <summary>Makes the class of calls of one method: a field for each argument, and the call of the method with them.</summary>
internal static class CallEmitter
{
    private const MethodAttributes Override = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig;

    public static CallType Emit(MethodInfo method)
    {
        if (method.IsGenericMethodDefinition) throw new NotSupportedException($"{method.DeclaringType}.{method.Name} is generic. The embedded runtime has no generic grain methods.");

        var (kind, result) = ResultOf(method);
        ReferenceModule.Open(method.DeclaringType!);
        ReferenceModule.Open(result);
        var parent = typeof(GrainCall<>).MakeGenericType(result);
        var type = ReferenceModule.Define($"{method.DeclaringType!.Name}.{method.Name} call", parent);
        var arguments = method.GetParameters().Select((parameter, i) => DefineArgument(type, method, parameter, i)).ToArray();
        var grainMethod = type.DefineField("Info", typeof(GrainMethod), FieldAttributes.Public | FieldAttributes.Static);

        EmitMethodGetter(type, grainMethod);
        EmitInvoke(type, method, kind, arguments);
        EmitToken(type, arguments);
        type.DefineDefaultConstructor(MethodAttributes.Public);

        var made = type.CreateType();
        made.GetField(grainMethod.Name)!.SetValue(null, new GrainMethod(method));
        return new CallType(made.GetConstructor(Type.EmptyTypes)!, [.. arguments.Select(argument => made.GetField(argument.Name)!)], kind, result);
    }

    private static (CallKind Kind, Type Result) ResultOf(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void)) return (CallKind.Void, typeof(Nothing));
        if (type == typeof(Task)) return (CallKind.Task, typeof(Nothing));
        if (type == typeof(ValueTask)) return (CallKind.ValueTask, typeof(Nothing));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)) return (CallKind.TaskWithResult, type.GetGenericArguments()[0]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)) return (CallKind.ValueTaskWithResult, type.GetGenericArguments()[0]);

        throw new NotSupportedException($"{method.DeclaringType}.{method.Name} returns {type}. A grain method returns a Task, Task<T>, ValueTask or ValueTask<T>.");
    }

    private static FieldBuilder DefineArgument(TypeBuilder type, MethodInfo method, ParameterInfo parameter, int i)
    {
        if (parameter.ParameterType.IsByRef) throw new NotSupportedException($"{method.DeclaringType}.{method.Name} has a by-reference parameter.");

        ReferenceModule.Open(parameter.ParameterType);
        return type.DefineField($"Argument{i}", parameter.ParameterType, FieldAttributes.Public);
    }

    private static void EmitMethodGetter(TypeBuilder type, FieldInfo grainMethod)
    {
        var code = type.DefineMethod("get_Method", Override | MethodAttributes.SpecialName, typeof(GrainMethod), Type.EmptyTypes).GetILGenerator();
        code.Emit(OpCodes.Ldsfld, grainMethod);
        code.Emit(OpCodes.Ret);
    }

    private static void EmitInvoke(TypeBuilder type, MethodInfo method, CallKind kind, FieldInfo[] arguments)
    {
        var code = type.DefineMethod(nameof(GrainCall.Invoke), Override, typeof(Task), [typeof(object)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var argument in arguments)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldfld, argument);
        }

        code.Emit(OpCodes.Callvirt, method);
        if (kind is CallKind.ValueTask or CallKind.ValueTaskWithResult)
        {
            var returned = code.DeclareLocal(method.ReturnType);
            code.Emit(OpCodes.Stloc, returned);
            code.Emit(OpCodes.Ldloca, returned);
            code.Emit(OpCodes.Call, method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        }
        else if (kind is CallKind.Void)
        {
            code.Emit(OpCodes.Call, typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod!);
        }

        code.Emit(OpCodes.Ret);
    }

    private static void EmitToken(TypeBuilder type, FieldInfo[] arguments)
    {
        if (arguments.FirstOrDefault(argument => argument.FieldType == typeof(CancellationToken)) is not { } token) return;

        var get = type.DefineMethod(nameof(GrainCall.GetToken), Override, typeof(CancellationToken), Type.EmptyTypes).GetILGenerator();
        get.Emit(OpCodes.Ldarg_0);
        get.Emit(OpCodes.Ldfld, token);
        get.Emit(OpCodes.Ret);

        var set = type.DefineMethod(nameof(GrainCall.SetToken), Override, null, [typeof(CancellationToken)]).GetILGenerator();
        set.Emit(OpCodes.Ldarg_0);
        set.Emit(OpCodes.Ldarg_1);
        set.Emit(OpCodes.Stfld, token);
        set.Emit(OpCodes.Ret);
    }
}
