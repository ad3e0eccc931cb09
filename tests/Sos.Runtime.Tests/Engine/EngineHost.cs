using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Sos.Embedded;
using Sos.Embedded.Runtime;

namespace Sos.Runtime.Tests.Engine;

/// <summary>A host with the embedded runtime and nothing else.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;

    private EngineHost(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public Silo Silo => _host.Services.GetRequiredService<Silo>();

    public IServiceProvider Services => _host.Services;

    public static async Task<EngineHost> Start(Action<ISiloBuilder>? configure = null, Action<EmbeddedRuntimeOptions>? options = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseSosEmbedded(silo =>
        {
            silo.Configure<EmbeddedRuntimeOptions>(o =>
            {
                o.GrainAssemblies.Add(typeof(EngineHost).Assembly);
                options?.Invoke(o);
            });
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new EngineHost(host);
    }

    public Task Stop() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
