using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Runtime.Activations;
using Sos.Embedded.Runtime.Calls;
using Sos.Embedded.Runtime.Observers;
using Sos.Embedded.Runtime.References;

namespace Sos.Embedded.Runtime;

/// <summary>The runtime: brings calls to activations and observers, and owns both.</summary>
internal sealed class Silo : ISilo
{
    private readonly SiloEnvironment _environment;
    private readonly RuntimeMetrics _metrics;
    private readonly ConcurrentDictionary<(MethodInfo Method, bool Interleaves), GrainMethod> _deliveries = new();
    private readonly long _responseTimeout;
    private volatile SiloState _state;

    public Silo(IServiceProvider services, SiloEnvironment environment, TimeProvider timeProvider, IOptions<EmbeddedRuntimeOptions> options, ILoggerFactory loggers)
    {
        _environment = environment;
        _responseTimeout = (long)options.Value.ResponseTimeout.TotalMilliseconds;
        Services = services;
        Options = options.Value;
        TimeProvider = timeProvider;
        LoggerFactory = loggers;
        Log = loggers.CreateLogger("Sos.Embedded");
        Deadlines = environment.MakeDeadlines(Expire);
        Activations = new ActivationDirectory(this);
        Observers = new ObserverDirectory(this, environment.Incarnation, environment.HoldsObservers);
        Classes = new GrainClasses(GrainDiscovery.ClassesIn(Options.GrainAssemblies is { Count: > 0 } given ? given : GrainDiscovery.GrainAssemblies()));
        GrainFactory = new GrainFactory(this);
        _metrics = new RuntimeMetrics(services.GetService<IMeterFactory>(), () => Activations.Count);
    }

    public IServiceProvider Services { get; }

    public EmbeddedRuntimeOptions Options { get; }

    public TimeProvider TimeProvider { get; }

    public ILoggerFactory LoggerFactory { get; }

    public ILogger Log { get; }

    public IGrainFactory GrainFactory { get; }

    public GrainClasses Classes { get; }

    public IReadOnlyList<GrainClass> GrainClasses => Classes.All;

    public ActivationDirectory Activations { get; }

    public ObserverDirectory Observers { get; }

    public CallDeadlines Deadlines { get; }

    public CallClock Clock => _environment.Clock;

    public TimeProvider LifeClock => _environment.LifeClock;

    public ITurnScheduler Turns => _environment.Turns;

    public TaskScheduler BackgroundScheduler => _environment.Background;

    /// <summary>The call filters, in the order in which they were added.</summary>
    public IIncomingGrainCallFilter[] Filters { get; private set; } = [];

    public SiloState State => _state;

    public object MakeReference(Type interfaceType, GrainId grainId) => ReferenceTypes.Make(interfaceType, this, grainId);

    public void Send(GrainReference reference, GrainCall call)
    {
        if (call.Method.TakesToken) CallCancellation.Link(this, call);
        call.Source = CurrentActivation.Value;
        call.Context = RequestContext.Export();
        call.Deadline = Clock.Now + (call.Method.TimeoutMilliseconds ?? _responseTimeout);
        _metrics.CallSent();

        // While the silo stops, grains may still call each other to say goodbye; nobody else gets in.
        if (_state != SiloState.Running && (_state != SiloState.Stopping || call.Source is null))
            call.Fail(Unavailable());
        else if (_environment.Carrier is { } carrier)
            Carry(carrier, reference, call);
        else
            Arrive(reference, call);
    }

    public void RunElsewhere(Action<object?> action, object? state) => _environment.RunElsewhere(action, state);

    public Task Deliver(GrainId target, GrainDelivery delivery)
    {
        var method = _deliveries.GetOrAdd(
            (delivery.InterfaceMethod, delivery.Interleaves),
            static key => new GrainMethod(key.Method, key.Interleaves ? CallOptions.AlwaysInterleave : CallOptions.None));
        return new GrainReference(this, target).Send(new DeliveryCall(method, delivery));
    }

    /// <summary>Queues a call that an ended activation has left over.</summary>
    public void Route(GrainId target, GrainCall call)
    {
        if (_state == SiloState.Stopped)
            call.Fail(Unavailable());
        else
            Arrive(new GrainReference(this, target), call);
    }

    /// <summary>Tells the caller that its time has run out.</summary>
    public void Expire(GrainCall call)
    {
        if (!call.FailElsewhere(this, new TimeoutException($"Response did not arrive on time for message: {call.Method}. Its outcome is unknown."))) return;

        _metrics.CallTimedOut();
        if (_state == SiloState.Running) RuntimeLog.CallTimedOut(Log, call.Method);
    }

    public void Begin()
    {
        Filters = [.. Services.GetServices<IIncomingGrainCallFilter>()];
        Deadlines.Start();
        _state = SiloState.Running;
        RuntimeLog.Started(Log, Classes.All.Count);
    }

    /// <summary>Ends all activations. New ones that their farewells make are ended too, until there are none or the time is over.</summary>
    public async Task EndActivations(CancellationToken hurry)
    {
        _state = SiloState.Stopping;
        RuntimeLog.Stopping(Log, Activations.Count);
        try
        {
            while (Activations.Snapshot() is { Length: > 0 } left)
            {
                foreach (var activation in left)
                    activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The silo stops."), hurry);
                await Task.WhenAll(left.Select(activation => activation.Deactivated)).WaitAsync(hurry);
            }
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            RuntimeLog.StoppedInHaste(Log, Activations.Count);
        }
    }

    public void Close()
    {
        _state = SiloState.Stopped;
        Deadlines.Dispose();
    }

    // By itself, as its closure would otherwise be made for every call.
    private void Carry(ICallCarrier carrier, GrainReference reference, GrainCall call) => carrier.Carry(call, reference.GrainId, () => Arrive(reference, call));

    private SiloUnavailableException Unavailable() => new(_state == SiloState.Created ? "The silo has not started yet." : "The silo has stopped.");

    private void Arrive(GrainReference reference, GrainCall call)
    {
        try
        {
            var target = reference.Target;
            while (target is null || !target.TryEnqueue(call))
                reference.Target = target = Locate(reference.GrainId);
        }
        catch (ArgumentException exception)
        {
            // No class of this silo has the type that the reference names.
            call.Fail(exception);
        }
    }

    private RequestTarget Locate(GrainId id) => ObserverDirectory.IsObserver(id) ? Observers.Locate(id) : Activations.Locate(id);
}

/// <summary>Whether calls are let in.</summary>
internal enum SiloState
{
    Created,
    Running,
    Stopping,
    Stopped,
}
