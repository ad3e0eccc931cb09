using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Sos.Server.Hosting.Logs;
using Sos.Server.Http;

namespace Sos.Server.Hosting;

/// <summary>The HTTP side of the host: limits, JSON, logs, OpenAPI.</summary>
internal static class WebHosting
{
    /// <summary>What load balancers that ask every second or two need, with a margin.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>For draining, for requests under way and for telling the grains; orchestrators kill after 30 s.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(25);

    public static WebApplicationBuilder AddWeb(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ServerOptions>().BindConfiguration("Sos:Server").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServerOptions>>(Limit);
        builder.Services.ConfigureHttpJsonOptions(options => SosJson.Configure(options.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTime);
        builder.Services.AddHsts(options => (options.MaxAge, options.IncludeSubDomains) = (TimeSpan.FromDays(365), true));
        builder.Services.AddOpenApi("v1", OpenApiDocument.Configure);
        return builder;
    }

    /// <summary>
    /// One JSON object a line and event in Production, readable lines in Development, without anything that must be in no log. The framework's
    /// request log is off: it would write paths and queries, and those can hold a token or a phone number.
    /// </summary>
    public static Readiness AddLogs(this WebApplicationBuilder builder)
    {
        var readiness = new Readiness();
        builder.Services.AddSingleton(readiness);
        var standard = builder.Environment.IsDevelopment() ? TimeSpan.Zero : DrainTime;
        builder.Services.AddHostedService(services =>
        {
            var (options, time) = (services.GetRequiredService<IOptions<ServerOptions>>().Value, services.GetRequiredService<TimeProvider>());
            return readiness.Draining(stopping => Task.Delay(options.DrainTime ?? standard, time, stopping));
        });

        var logs = builder.Logging.ClearProviders();
        logs.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        logs.AddConsoleFormatter<LineFormatter, LineFormatterOptions>(lines => lines.Json = !builder.Environment.IsDevelopment());
        logs.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logs.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // A line for each refused token would let anybody fill the log.
        logs.AddFilter("Sos.Server.Identity.AccessTokenHandler", LogLevel.Warning);
        logs.AddFilter("Sos.Server.Identity.SosCredentialHandler", LogLevel.Warning);

        // A start that fails is told in one sentence by Program; these two would print the stack first.
        logs.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && readiness.IsReady);
        logs.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level >= LogLevel.Warning && readiness.IsReady);
        return readiness;
    }

    private static void Limit(KestrelServerOptions kestrel, IOptions<ServerOptions> options)
    {
        var limits = options.Value;
        kestrel.AddServerHeader = false;
        // Whatever the machine's own policy still takes.
        kestrel.ConfigureHttpsDefaults(static https => https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13);
        kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = limits.MaxHeaders;
        kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = limits.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.IdleTimeout;
    }
}
