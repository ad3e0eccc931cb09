using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Sos.Server.Http;

namespace Sos.Server.Realtime;

/// <summary>
/// Which web pages may connect to hubs: the service's own and those of <c>Sos:Cors:Origins</c>. A browser asks no CORS question before it opens
/// a WebSocket, but it says where the page comes from (RFC 6455, 10.2). Apps send no origin.
/// </summary>
internal static class HubOrigins
{
    /// <summary>Adds the check, after routing.</summary>
    public static IApplicationBuilder UseHubOrigins(this IApplicationBuilder app)
    {
        var listed = app.ApplicationServices.GetRequiredService<IOptions<OriginOptions>>().Value.Origins;
        return app.Use((context, next) =>
            context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is null || context.Request.Headers.Origin is not [{ } origin, ..] || IsOwn(origin, context.Request.Host) || listed.Contains(origin, StringComparer.Ordinal)
                ? next(context)
                : new ProblemResult(ProblemKind.Forbidden, "Pages of that origin may not connect.").ExecuteAsync(context));
    }

    /// <summary>Host and port only: before a proxy that ends TLS the scheme is another one.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
