using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Embedded.Runtime.Calls;

/// <summary>How the requests of a method stand to the other requests of their grain.</summary>
[Flags]
internal enum CallOptions
{
    None = 0,
    OneWay = 1,
    ReadOnly = 2,
    AlwaysInterleave = 4,

    /// <summary>Meant for this activation only: dropped, not forwarded, when it ends.</summary>
    Local = 8,

    /// <summary>Does not count as use of the activation.</summary>
    KeepsIdle = 16,
}

/// <summary>What is known about a method of a grain or observer interface before it is ever called.</summary>
internal sealed class GrainMethod
{
    /// <param name="method">The method of the interface.</param>
    /// <param name="extra">What its attributes do not say.</param>
    /// <param name="interfaceName">The name that call filters see, where it is not the full one.</param>
    public GrainMethod(MethodInfo method, CallOptions extra = CallOptions.None, string? interfaceName = null)
    {
        Method = method;
        InterfaceName = interfaceName ?? (method.DeclaringType!.FullName ?? method.DeclaringType.Name).Replace('+', '.');
        TakesToken = method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken));
        Options = extra | OptionsOf(method);
        if (method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout is { } timeout) TimeoutMilliseconds = (long)timeout.TotalMilliseconds;
    }

    public MethodInfo Method { get; }

    public string InterfaceName { get; }

    public CallOptions Options { get; }

    /// <summary>How long a caller waits, or null for the default of the silo.</summary>
    public long? TimeoutMilliseconds { get; }

    /// <summary>Whether there is a cancellation token among the arguments.</summary>
    public bool TakesToken { get; }

    public bool IsOneWay => (Options & CallOptions.OneWay) != 0;

    public override string ToString() => $"{InterfaceName}.{Method.Name}";

    private static CallOptions OptionsOf(MethodInfo method)
    {
        var options = CallOptions.None;

        // A method without a task cannot tell its caller anything, so it is one-way. Orleans allows that for observers.
        if (method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void)) options |= CallOptions.OneWay;
        if (method.IsDefined(typeof(ReadOnlyAttribute))) options |= CallOptions.ReadOnly;
        if (method.IsDefined(typeof(AlwaysInterleaveAttribute))) options |= CallOptions.AlwaysInterleave;
        return options;
    }
}
