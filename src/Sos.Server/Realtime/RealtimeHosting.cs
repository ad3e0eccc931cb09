using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Realtime;

/// <summary>Hubs and event streams.</summary>
internal static class RealtimeHosting
{
    private const int LongestMessage = 4 * 1024;
    private const long Buffer = 16 * 1024;

    public static WebApplicationBuilder AddRealtime(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<BoardLooks>();
        builder.Services.AddSingleton<ConnectedPeople>();
        builder.Services.AddSingleton<DeviceConnections>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DeviceConnections>());
        builder.Services.AddSingleton<HubLimits>();
        builder.Services.AddSignalR(Configure).AddJsonProtocol(options => SosJson.Configure(options.PayloadSerializerOptions));
        return builder;
    }

    /// <summary>WebSockets only and without negotiation: any process may take any connection, no affinity needed.</summary>
    public static IEndpointRouteBuilder MapHubs(this IEndpointRouteBuilder routes)
    {
        routes.MapHub<AlertsHub>("/ws/alerts", Configure).RequireAuthorization(Policies.User);
        routes.MapHub<RespondersHub>("/ws/responders", Configure).RequireAuthorization(Policies.Responder);
        return routes;
    }

    private static void Configure(HubOptions options)
    {
        options.KeepAliveInterval = TimeSpan.FromSeconds(20);
        options.ClientTimeoutInterval = TimeSpan.FromSeconds(60);
        options.HandshakeTimeout = TimeSpan.FromSeconds(10);
        options.MaximumReceiveMessageSize = LongestMessage;
        options.MaximumParallelInvocationsPerClient = 1;
        options.AddFilter<HubLimits>();
    }

    private static void Configure(HttpConnectionDispatcherOptions options)
    {
        options.Transports = HttpTransportType.WebSockets;
        options.ApplicationMaxBufferSize = Buffer;
        options.TransportMaxBufferSize = Buffer;
    }
}
