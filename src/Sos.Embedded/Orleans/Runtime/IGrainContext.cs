namespace Orleans.Runtime;

/// <summary>Anything that can be called by reference: grains and observers.</summary>
public interface IAddressable;

/// <summary>One activation of one grain.</summary>
public interface IGrainContext
{
    /// <summary>The id of the grain.</summary>
    GrainId GrainId { get; }

    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The object of the grain class, or null until it has been made.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation: a scope that ends with it.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Starts to end the activation: the requests that run may finish, what waits goes to the next activation.</summary>
    /// <param name="deactivationReason">Why.</param>
    /// <param name="cancellationToken">Shortens the deadline of deactivation.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
