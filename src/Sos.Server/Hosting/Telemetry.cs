using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sos.Server.Hosting;

/// <summary>Section <c>Sos:Telemetry</c>: where meters and traces go.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Sos:Telemetry";

    /// <summary>
    /// Address of an OpenTelemetry collector that takes OTLP over HTTP, like <c>http://localhost:4318</c>. Default: the environment's
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; without either nothing is exported.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>
    /// Share of traces that are exported, 0 to 1; the id of a trace decides, so that all silos export the same ones. Default 0.01: grains are
    /// called thousands of times a second.
    /// </summary>
    [Range(0, 1)]
    public double TracedShare { get; set; } = 0.01;
}

/// <summary>
/// Exports the meters of the service, its runtime and its libraries, and the traces of grain calls. Not the traces of HTTP requests: their
/// addresses can hold what opens a stream.
/// </summary>
internal sealed class Telemetry(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    /// <summary>Names of meters; a star stands for any rest.</summary>
    private static readonly string[] Meters = ["Sos.*", "Microsoft.Orleans", "Microsoft.AspNetCore.*", "System.Runtime", "Npgsql"];

    private MeterProvider? _meters;
    private TracerProvider? _traces;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Endpoint is not { } endpoint) return Task.CompletedTask;
        var service = ResourceBuilder.CreateDefault().AddService("sos", serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}");
        _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(service).AddMeter(Meters)
            .AddOtlpExporter(exporter => Send(exporter, endpoint, "v1/metrics")).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(service).AddSource("Microsoft.Orleans.*")
            .SetSampler(new TraceIdRatioBasedSampler(options.Value.TracedShare))
            .AddOtlpExporter(exporter => Send(exporter, endpoint, "v1/traces")).Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left: registered first, it stops last.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meters?.Dispose();
        _traces?.Dispose();
        (_meters, _traces) = (null, null);
    }

    private static void Send(OtlpExporterOptions exporter, Uri endpoint, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}

/// <summary>How telemetry joins the host.</summary>
internal static class TelemetryHosting
{
    /// <summary>Adds it; before everything whose last figures it is to send.</summary>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations().ValidateOnStart()
            .Configure<IConfiguration>(static (options, configuration) =>
            {
                if (Uri.TryCreate(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"], UriKind.Absolute, out var standard)) options.Endpoint ??= standard;
            })
            .Validate(static options => options.Endpoint is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, $"{TelemetryOptions.Section}:Endpoint must be an address like http://localhost:4318.");
        builder.Services.AddHostedService<Telemetry>();
        return builder;
    }
}
