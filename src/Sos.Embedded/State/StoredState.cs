using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Embedded.Runtime;

namespace Sos.Embedded.State;

/// <summary>
/// The state that a grain gets injected. Its operations run one after the other, each yields first, and writes that wait for
/// the same predecessor become one, as on Orleans.
/// </summary>
/// <remarks>Everything here runs in turns of one activation, so nothing is locked.</remarks>
internal sealed partial class StoredState<TState>(IActivation activation, string name, IGrainStorage storage, ILogger logger)
    : IPersistentState<TState>, IActivationPart
{
    private readonly GrainState<TState> _record = new(EmptyState<TState>.Create());
    private Operation? _last;
    private bool _loaded;

    public TState State
    {
        get
        {
            activation.EnsureAccess();
            return _record.State;
        }

        set
        {
            activation.EnsureAccess();
            _record.State = value;
        }
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _loaded ? _record.RecordExists : throw new InvalidOperationException("The state has not been read yet.");

    public Task OnActivating(CancellationToken cancellationToken) => _loaded ? Task.CompletedTask : Queue(Kind.Read, cancellationToken);

    public Task ReadStateAsync() => Queue(Kind.Read, CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => Queue(Kind.Read, cancellationToken);

    public Task WriteStateAsync() => Queue(Kind.Write, CancellationToken.None);

    public Task WriteStateAsync(CancellationToken cancellationToken) => Queue(Kind.Write, cancellationToken);

    public Task ClearStateAsync() => Queue(Kind.Clear, CancellationToken.None);

    public Task ClearStateAsync(CancellationToken cancellationToken) => Queue(Kind.Clear, cancellationToken);

    private Task Queue(Kind kind, CancellationToken cancellation)
    {
        activation.EnsureAccess();
        // A write or clear that has not begun takes the newest state with it; a read may not be shared, its caller wants what is
        // stored after its own call.
        if (kind != Kind.Read && !cancellation.CanBeCanceled && _last is { Begun: false, CanBeCancelled: false } waiting && waiting.Kind == kind)
            return waiting.Completion;

        var operation = new Operation(kind, cancellation.CanBeCanceled);
        var predecessor = _last;
        _last = operation;
        operation.Completion = Run(operation, predecessor, cancellation);
        return operation.Completion;
    }

    private async Task Run(Operation operation, Operation? predecessor, CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            if (predecessor is not null)
                await predecessor.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            activation.EnsureAccess();
            operation.Begun = true;
            await (operation.Kind switch
            {
                Kind.Read => storage.ReadStateAsync(name, activation.GrainId, _record, cancellation),
                Kind.Write => storage.WriteStateAsync(name, activation.GrainId, _record, cancellation),
                _ => storage.ClearStateAsync(name, activation.GrainId, _record, cancellation),
            });
            if (operation.Kind == Kind.Read) _loaded = true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            // The store is closed: the silo has stopped in haste and said so.
            if (failure is not ObjectDisposedException) LogFailed(operation.Kind, activation.GrainId.Type, name, failure);
            if (failure is OrleansException) ExceptionDispatchInfo.Throw(failure);
            throw new OrleansException($"Error from storage provider {storage.GetType().Name} during {operation.Kind} of state {name} of a grain {activation.GrainId.Type}: {failure.Message}", failure);
        }
        finally
        {
            if (_last == operation) _last = null;
        }
    }

    private enum Kind
    {
        Read,
        Write,
        Clear,
    }

    // Keys of grains may be personal; the type says enough.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} of state {State} of a grain {GrainType} failed")]
    private partial void LogFailed(Kind kind, GrainType grainType, string state, Exception failure);

    private sealed class Operation(Kind kind, bool canBeCancelled)
    {
        public Kind Kind { get; } = kind;

        public bool CanBeCancelled { get; } = canBeCancelled;

        public bool Begun { get; set; }

        public Task Completion { get; set; } = Task.CompletedTask;
    }
}
