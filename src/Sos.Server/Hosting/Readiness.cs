namespace Sos.Server.Hosting;

/// <summary>
/// Whether this process takes requests: from the moment that everything has started until it is told to stop. A stop says so first and
/// goes on serving for a while, until every load balancer has noticed; only then the silo and the rest stop.
/// </summary>
public sealed class Readiness : IHostedLifecycleService
{
    private volatile bool _ready;
    private Func<CancellationToken, Task> _drain = static _ => Task.CompletedTask;

    /// <summary>True between the end of the start and the beginning of the stop.</summary>
    public bool IsReady => _ready;

    /// <summary>Gives it what happens between saying that it stops and stopping.</summary>
    internal Readiness Draining(Func<CancellationToken, Task> drain)
    {
        _drain = drain;
        return this;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ready = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A start that failed has nobody to wait for.
        var served = _ready;
        _ready = false;
        return served ? _drain(cancellationToken) : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
