using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Sos.Server.Hosting;

/// <summary>Whose word about a client's address is taken: the proxies of <see cref="ServerOptions.Proxies"/> and nobody else's.</summary>
internal static class TrustedProxies
{
    private const string Setting = "Sos:Server:Proxies";

    /// <summary>Refuses the framework's switch, which would trust every proxy there is.</summary>
    /// <exception cref="StartupException">The switch is on, or an entry is no address.</exception>
    public static void AddProxies(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["FORWARDEDHEADERS_ENABLED"] is { Length: > 0 } || builder.Configuration["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] is { Length: > 0 })
            throw new StartupException($"ASPNETCORE_FORWARDEDHEADERS_ENABLED makes everybody's X-Forwarded-For believed; remove it and name the proxies in {Setting}.");

        foreach (var proxy in builder.Configuration.GetSection(Setting).Get<string[]>() ?? [])
        {
            if (!IPAddress.TryParse(proxy, out _)) throw new StartupException($"{Setting} must hold addresses like 10.0.0.4; '{proxy}' is none.");
        }
    }

    /// <summary>Takes the client's address from the proxies' header, where there are proxies.</summary>
    public static void UseProxies(this WebApplication app)
    {
        var server = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value;
        if (server.Proxies.Count == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = server.ProxyHops };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in server.Proxies) options.KnownProxies.Add(IPAddress.Parse(proxy));
        app.UseForwardedHeaders(options);
    }
}
