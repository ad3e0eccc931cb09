using Orleans.Runtime;
using Sos.Embedded.Runtime;

namespace Orleans;

/// <summary>The base class of grains. One instance is one activation of one grain.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly IActivation _activation;

    /// <summary>Binds the new object to the activation that is being made.</summary>
    /// <exception cref="InvalidOperationException">The object is made by hand and not by the runtime.</exception>
    protected Grain() => _activation = CurrentActivation.Value
        ?? throw new InvalidOperationException($"{GetType()} is a grain: only the runtime makes it, on the first call to its reference.");

    /// <summary>The activation that this object is the instance of.</summary>
    public IGrainContext GrainContext => _activation;

    /// <summary>A reference to this grain that can be passed to others.</summary>
    public GrainReference GrainReference => _activation.GrainReference;

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => _activation.GrainFactory;

    /// <summary>The id of this grain in words, for logs.</summary>
    public string IdentityString => _activation.GrainId.ToString();

    /// <summary>Runs after the state was read and before the first request. If it throws, the waiting calls fail and the next call tries again.</summary>
    /// <param name="cancellationToken">Cancelled when activating takes longer than the runtime allows.</param>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the last request. It does not run when the process is killed.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when the deadline of deactivation has passed.</param>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation once the requests that run have ended. What waits goes to the next activation.</summary>
    protected void DeactivateOnIdle() => _activation.DeactivateOnIdle();

    /// <summary>Keeps an idle activation for at least this long.</summary>
    /// <param name="timeSpan">How long from now; zero or less takes an earlier delay back.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => _activation.DelayDeactivation(timeSpan);
}
