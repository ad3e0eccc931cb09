using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime;

/// <summary>The running runtime, as references, storage, reminders and streams see it. One per host, registered in its services.</summary>
internal interface ISilo
{
    /// <summary>The services of the host.</summary>
    IServiceProvider Services { get; }

    /// <summary>The factory that grains get.</summary>
    IGrainFactory GrainFactory { get; }

    /// <summary>The time of grains: timers, reminders, expiry. Virtual in a simulation.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>Where work of the runtime runs that belongs to no activation: the thread pool, or the one thread of a simulation.</summary>
    TaskScheduler BackgroundScheduler { get; }

    /// <summary>Runs something small on a stack of its own.</summary>
    void RunElsewhere(Action<object?> action, object? state);

    ILoggerFactory LoggerFactory { get; }

    /// <summary>The grain classes of the host, in the order of their type names.</summary>
    IReadOnlyList<GrainClass> GrainClasses { get; }

    /// <summary>Sends a call on its way.</summary>
    void Send(GrainReference reference, GrainCall call);

    /// <summary>Makes a reference.</summary>
    object MakeReference(Type interfaceType, GrainId grainId);

    /// <summary>
    /// Queues a piece of work as a request to a grain, activating it if need be. It waits for its turn, goes through the call filters
    /// and has the response timeout, like a call.
    /// </summary>
    Task Deliver(GrainId target, GrainDelivery delivery);
}

/// <summary>A class that grains are made of.</summary>
/// <param name="Class">The class.</param>
/// <param name="Type">The type half of the ids of its grains.</param>
internal sealed record GrainClass(Type Class, GrainType Type);

/// <summary>A part of the silo with a life of its own: the store, the reminders, the streams.</summary>
/// <remarks>Parts are started in the order in which they were registered, before the first call is let in, and stopped in reverse, after the last activation has ended.</remarks>
internal interface ISiloPart
{
    Task Start(CancellationToken cancellationToken);

    Task Stop(CancellationToken cancellationToken);
}
