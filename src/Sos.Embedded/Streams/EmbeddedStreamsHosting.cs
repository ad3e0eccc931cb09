using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Streams;
using Sos.Embedded.Runtime;

namespace Sos.Embedded.Streams;

/// <summary>How streams join a silo.</summary>
public static class EmbeddedStreamsHosting
{
    /// <summary>Adds a stream provider.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">Its name, as <c>GetStreamProvider</c> gives it.</param>
    /// <param name="configure">Delays and limits.</param>
    public static ISiloBuilder AddEmbeddedStreams(this ISiloBuilder silo, string name, Action<EmbeddedStreamOptions>? configure = null)
    {
        var options = new EmbeddedStreamOptions();
        configure?.Invoke(options);
        silo.Services.AddKeyedSingleton<IStreamProvider>(name, (services, _) => new EmbeddedStreamProvider(name, services.GetRequiredService<ISilo>(), options));
        return silo;
    }
}
