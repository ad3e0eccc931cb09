using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime.Activations;

/// <summary>Where an activation stands in its life.</summary>
internal enum ActivationState : byte
{
    New,
    Activating,
    Valid,
    Deactivating,
    Ended,
}

/// <summary>One activation of one grain: its queue, its turns, its life. This part is what the grain and the runtime's parts see.</summary>
internal sealed partial class Activation : RequestTarget, IActivation
{
    private readonly Lock _gate = new();
    private readonly Silo _silo;
    private readonly GrainClassInfo _class;
    private readonly ActivationScheduler _scheduler;
    private GrainReference? _reference;
    private Dictionary<Type, object>? _components;

    public Activation(Silo silo, GrainClassInfo grainClass, GrainId grainId)
    {
        _silo = silo;
        _class = grainClass;
        _scheduler = new ActivationScheduler(this);
        GrainId = grainId;
    }

    public GrainId GrainId { get; }

    public GrainReference GrainReference => _reference ??= new GrainReference(_silo, GrainId);

    public object? GrainInstance => _instance;

    public GrainClassInfo Class => _class;

    public ISilo Silo => _silo;

    public IGrainFactory GrainFactory => _silo.GrainFactory;

    public TimeProvider TimeProvider => _silo.TimeProvider;

    public TaskScheduler Scheduler => _scheduler;

    public void EnsureAccess()
    {
        if (TaskScheduler.Current == _scheduler) return;

        throw new InvalidOperationException(
            $"Activation access violation: a {GrainId.Type} was used outside its own turns, for example after ConfigureAwait(false) or in Task.Run.");
    }

    public IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        EnsureAccess();
        var timer = new GrainTimer<TState>(this, callback, state, options);
        AddTimer(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public TComponent? GetComponent<TComponent>() where TComponent : class
    {
        lock (_gate)
            return (TComponent?)_components?.GetValueOrDefault(typeof(TComponent));
    }

    public void SetComponent<TComponent>(TComponent? component) where TComponent : class
    {
        lock (_gate)
        {
            _components ??= [];
            if (component is null)
                _components.Remove(typeof(TComponent));
            else
                _components[typeof(TComponent)] = component;
        }
    }

    public override string ToString() => GrainId.ToString();
}
