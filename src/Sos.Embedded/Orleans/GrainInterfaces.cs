using Orleans.Runtime;

namespace Orleans;

/// <summary>Marks the interfaces whose methods can be called on grains.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain whose key is a GUID.</summary>
public interface IGrainWithGuidKey : IGrain;

/// <summary>
/// Marks the interfaces of plain objects that grains can call after <see cref="IGrainFactory.CreateObjectReference{TGrainObserverInterface}"/>.
/// The runtime holds such an object weakly: its owner keeps it alive.
/// </summary>
public interface IGrainObserver : IAddressable;

/// <summary>What a grain class is to the runtime. <see cref="Grain"/> implements it.</summary>
public interface IGrainBase
{
    /// <summary>The activation that this object is the instance of.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs after the state was read and before the first request.</summary>
    /// <param name="token">Cancelled when activating takes longer than the runtime allows.</param>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last request. It does not run when the process is killed.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="token">Cancelled when the deadline of deactivation has passed.</param>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}

/// <summary>Gives a grain class its literal type name, which is the first half of the ids of its grains.</summary>
/// <param name="grainType">The literal name.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    internal string Name { get; } = grainType;
}
