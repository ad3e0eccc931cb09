using Microsoft.Extensions.Hosting;

namespace Sos.Grains.Identity;

/// <summary>
/// When this process began: an answer that its predecessor could not give any more may be asked for again from then on. A hosted service,
/// so that it is made with the host and not with the first grain that asks.
/// </summary>
internal sealed class ServiceStart(TimeProvider time) : IHostedService
{
    /// <summary>The start, by the service's clock.</summary>
    public DateTimeOffset At { get; } = time.GetUtcNow();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
