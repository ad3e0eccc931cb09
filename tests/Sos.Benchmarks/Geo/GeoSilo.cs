using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Sos.Benchmarks.Geo;

/// <summary>The product's silo, with a folder that goes with it.</summary>
internal sealed class GeoSilo : IAsyncDisposable
{
    private readonly string _folder;
    private IHost _host;

    private GeoSilo(IHost host, string folder) => (_host, _folder) = (host, folder);

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host.Services;

    public static async Task<GeoSilo> Start()
    {
        var folder = Directory.CreateTempSubdirectory("sos-geo-benchmark-").FullName;
        return new GeoSilo(await Host(folder), folder);
    }

    /// <summary>Stops it and starts it again on what it had stored.</summary>
    public async Task Restart()
    {
        await Stop();
        _host = await Host(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<IHost> Host(string folder)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        BenchmarkSilo.AddProduct(builder, folder);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task Stop()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
