using Orleans.Runtime;

namespace Sos.Embedded.Runtime;

/// <summary>Makes the stored states that grain constructors ask for with <see cref="PersistentStateAttribute"/>. Registered by the store.</summary>
internal interface IPersistentStateFactory
{
    /// <summary>
    /// Makes a state of an activation that is being made. It calls <see cref="IActivation.Add"/> with itself, to be read before
    /// <c>OnActivateAsync</c>, and <see cref="IActivation.EnsureAccess"/> on every use.
    /// </summary>
    IPersistentState<TState> Create<TState>(IActivation activation, string stateName, string? storageName);
}
