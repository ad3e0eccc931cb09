using System.Reflection;

namespace Sos.Embedded.Runtime;

/// <summary>Work that the runtime itself has for a grain, such as the delivery of a stream's event.</summary>
/// <remarks>
/// The interface and method are what call filters get to see, as on Orleans, where such work arrives by a call too.
/// </remarks>
internal abstract class GrainDelivery
{
    /// <summary>The method that call filters see. Its declaring type gives the interface name.</summary>
    public abstract MethodInfo InterfaceMethod { get; }

    /// <summary>Whether it may run between the turns of other requests.</summary>
    public virtual bool Interleaves => false;

    /// <summary>Runs in a turn of the activation.</summary>
    public abstract Task Run(IActivation activation);
}
