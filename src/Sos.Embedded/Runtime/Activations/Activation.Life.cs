using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Calls;

namespace Sos.Embedded.Runtime.Activations;

/// <summary>The life of an activation, from its first request to the hand-over of what still waits.</summary>
internal sealed partial class Activation
{
    private ActivationState _state;
    private bool _isOperating;
    private bool _wasValid;
    private object? _instance;
    private Exception? _failure;
    private DeactivationReason _reason;
    private Dictionary<string, object>? _firstContext;
    private CancellationToken _hurry;
    private AsyncServiceScope? _scope;
    private List<IActivationPart>? _parts;
    private TaskCompletionSource? _deactivated;

    public IServiceProvider ActivationServices => (_scope ??= _silo.Services.CreateAsyncScope()).ServiceProvider;

    public Task Deactivated
    {
        get
        {
            lock (_gate)
            {
                if (_state == ActivationState.Ended) return Task.CompletedTask;

                return (_deactivated ??= new TaskCompletionSource()).Task;
            }
        }
    }

    public void Add(IActivationPart part) => (_parts ??= []).Add(part);

    public void DeactivateOnIdle() => Deactivate(new(DeactivationReasonCode.ApplicationRequested, "The grain asked for it."));

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool schedule;
        lock (_gate)
        {
            if (_state >= ActivationState.Deactivating) return;

            BeginDeactivating(deactivationReason, null);
            _hurry = cancellationToken;
            schedule = TakeSchedule();
        }

        if (schedule) _silo.Turns.Schedule(this);
    }

    private void BeginDeactivating(DeactivationReason reason, Exception? failure)
    {
        _wasValid = _state == ActivationState.Valid;
        _state = ActivationState.Deactivating;
        _reason = reason;
        _failure = failure;
    }

    /// <summary>The next step of this life, if it is time for one. Under the gate.</summary>
    private Func<Task>? TakeOperation()
    {
        if (_isOperating) return null;

        switch (_state)
        {
            case ActivationState.New:
                _state = ActivationState.Activating;
                _isOperating = true;
                _firstContext = _waiting.First?.Context;
                return Activate;

            case ActivationState.Deactivating when _running.IsEmpty:
                _isOperating = true;
                return End;

            default:
                return null;
        }
    }

    private async Task Activate()
    {
        // The first caller's context, as on Orleans: OnActivateAsync is part of what it has asked for.
        RequestContext.Import(_firstContext);
        _firstContext = null;
        Exception? failure = null;
        using (var deadline = new CancellationTokenSource(_silo.Options.ActivationTimeout, _silo.LifeClock))
        {
            try
            {
                _instance = _class.Create(this);
                foreach (var part in _parts ?? [])
                    await part.OnActivating(deadline.Token).WaitAsync(deadline.Token);
                if (_instance is IGrainBase grain) await grain.OnActivateAsync(deadline.Token).WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException exception) when (deadline.IsCancellationRequested)
            {
                failure = new TimeoutException($"A {GrainId.Type} did not become active within {_silo.Options.ActivationTimeout}.", exception);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }

        // A silo that stops in haste says so once, not for each of its grains.
        if (failure is not null && _silo.State != SiloState.Stopped) RuntimeLog.ActivationFailed(_silo.Log, GrainId.Type, failure);
        lock (_gate)
        {
            _isOperating = false;
            if (failure is not null)
                BeginDeactivating(new(DeactivationReasonCode.ActivationFailed, failure, "The grain could not be activated."), failure);
            else if (_state == ActivationState.Activating)
                _state = ActivationState.Valid;
        }
    }

    private async Task End()
    {
        DisposeTimers();
        if (_wasValid && _instance is IGrainBase grain) await TellGrain(grain);
        await DisposeInstance();

        GrainCall[] left;
        lock (_gate)
        {
            // First out of the directory, then closed: who is turned away finds the next activation and not this one again.
            _silo.Activations.Remove(this);
            _state = ActivationState.Ended;
            left = _waiting.Drain();
            _waitingToInterleave = 0;

            // A reference remembers where its last call went, so an ended activation may be held for long.
            _instance = null;
            _parts = null;
            _components = null;
        }

        foreach (var call in left)
            PassOn(call);

        // In a turn, so nobody who awaits this is resumed in line.
        _deactivated?.TrySetResult();
    }

    private async Task TellGrain(IGrainBase grain)
    {
        using var deadline = new CancellationTokenSource(_silo.Options.DeactivationTimeout, _silo.LifeClock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _hurry);
        try
        {
            await grain.OnDeactivateAsync(_reason, both.Token).WaitAsync(both.Token);
        }
        catch (Exception exception)
        {
            // An activation that cannot say goodbye goes all the same: its state is what was written.
            RuntimeLog.DeactivationFailed(_silo.Log, GrainId.Type, exception);
        }
    }

    private async Task DisposeInstance()
    {
        try
        {
            if (_instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (_instance as IDisposable)?.Dispose();
            if (_scope is { } scope) await scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            RuntimeLog.DeactivationFailed(_silo.Log, GrainId.Type, exception);
        }
    }

    private void PassOn(GrainCall call)
    {
        if ((call.Options & CallOptions.Local) != 0) return;

        if (_failure is not null)
            call.Fail(_failure);
        else
            _silo.Route(GrainId, call);
    }
}
