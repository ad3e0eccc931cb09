using Orleans;
using Orleans.Runtime;

namespace Sos.Embedded.Runtime;

/// <summary>One activation of one grain, as the API, storage and streams see it.</summary>
internal interface IActivation : IGrainContext
{
    ISilo Silo { get; }

    IGrainFactory GrainFactory { get; }

    TimeProvider TimeProvider { get; }

    /// <summary>Runs the turns of this activation, one at a time.</summary>
    TaskScheduler Scheduler { get; }

    /// <summary>Throws unless the caller runs in a turn of this activation.</summary>
    /// <exception cref="InvalidOperationException">It runs elsewhere, for example after <c>ConfigureAwait(false)</c>.</exception>
    void EnsureAccess();

    void DeactivateOnIdle();

    void DelayDeactivation(TimeSpan timeSpan);

    IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);

    /// <summary>Lets a part of the activation, such as a stored state, take part in its life. Called while the grain object is made.</summary>
    void Add(IActivationPart part);

    /// <summary>What a part of the runtime keeps per activation, such as its stream observers.</summary>
    TComponent? GetComponent<TComponent>() where TComponent : class;

    void SetComponent<TComponent>(TComponent? component) where TComponent : class;

    static IActivation Of(IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain.GrainContext as IActivation ?? throw new InvalidOperationException($"{grain.GetType()} was not made by the runtime.");
    }
}

/// <summary>A part of an activation that has something to do before the first request.</summary>
internal interface IActivationPart
{
    /// <summary>Runs in a turn, before <c>OnActivateAsync</c>. If it throws, activating has failed.</summary>
    Task OnActivating(CancellationToken cancellationToken);
}

/// <summary>The activation whose turn is running on this thread.</summary>
internal static class CurrentActivation
{
    public static IActivation? Value => (TaskScheduler.Current as IActivationScheduler)?.Activation;
}

/// <summary>The scheduler of an activation.</summary>
internal interface IActivationScheduler
{
    IActivation Activation { get; }
}
