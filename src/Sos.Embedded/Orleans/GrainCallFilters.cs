using System.Reflection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Runs around every request to every grain of the silo: calls, timer ticks, reminders and stream deliveries.</summary>
public interface IIncomingGrainCallFilter
{
    /// <summary>Runs around one request; <see cref="IGrainCallContext.Invoke"/> goes on to the next filter and at last to the grain.</summary>
    /// <param name="context">The request.</param>
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>A filter in the form of a function.</summary>
/// <param name="context">The request.</param>
public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

/// <summary>One request on its way to a grain.</summary>
public interface IGrainCallContext
{
    /// <summary>The grain object.</summary>
    object Grain { get; }

    /// <summary>The method of the interface.</summary>
    MethodInfo InterfaceMethod { get; }

    /// <summary>The full name of the interface.</summary>
    string InterfaceName { get; }

    /// <summary>The name of the method.</summary>
    string MethodName { get; }

    /// <summary>The grain that is called.</summary>
    GrainId TargetId { get; }

    /// <summary>The grain that calls; null for a client and for the runtime itself.</summary>
    GrainId? SourceId { get; }

    /// <summary>The result, once the request has run. A filter may replace it.</summary>
    object? Result { get; set; }

    /// <summary>Goes on to the next filter and at last to the grain.</summary>
    Task Invoke();
}

/// <summary>One request on its way into a grain.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    /// <summary>The activation that is called.</summary>
    IGrainContext TargetContext { get; }

    /// <summary>The method of the grain class.</summary>
    MethodInfo ImplementationMethod { get; }
}
