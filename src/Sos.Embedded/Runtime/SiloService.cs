using Microsoft.Extensions.Hosting;

namespace Sos.Embedded.Runtime;

/// <summary>Starts and stops the silo with its host. Hosted services that were registered before it start before it, as on Orleans.</summary>
internal sealed class SiloService(Silo silo, IEnumerable<ISiloPart> parts) : IHostedService, IDisposable
{
    private readonly ISiloPart[] _parts = [.. parts];
    private IdleCollector? _collector;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
            await part.Start(cancellationToken);
        silo.Begin();
        _collector = new IdleCollector(silo);
    }

    public void Dispose() => _collector?.Dispose();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _collector?.Dispose();
        await silo.EndActivations(cancellationToken);
        silo.Close();
        foreach (var part in _parts.Reverse())
            await part.Stop(cancellationToken);
    }
}
