using Sos.Server.Alerts;
using Sos.Server.Audit;
using Sos.Server.Demo;
using Sos.Server.Hosting;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Messaging;
using Sos.Server.Operations;
using Sos.Server.Privacy;
using Sos.Server.Realtime;
using Sos.Server.Relatives;
using Sos.Server.Responders;
using Sos.Server.Sandbox;
using Sos.Server.Trackers;
using Sos.Server.Users;
using Sos.Server.Zones;
using Sos.Server.Zones.Cap;

namespace Sos.Server;

/// <summary>The service as one web application: a table of contents.</summary>
public static class SosApplication
{
    /// <summary>Makes the application, ready to start. Tests pass <c>--urls http://127.0.0.1:0</c> and replace services.</summary>
    /// <param name="args">Command line: every setting as <c>--Sos:DataDirectory=…</c>, and <c>--demo</c> or <c>--sandbox</c>.</param>
    /// <param name="configure">Called last, before the container is built.</param>
    /// <exception cref="StartupException">The settings cannot work; the message says what to do.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var demo = DemoMode.TakeSwitch(ref args);
        var sandbox = SandboxMode.TakeSwitch(ref args);
        var builder = WebApplication.CreateBuilder(args);
        if (demo) builder.AddDemo();
        if (sandbox) builder.AddSandbox(demo);
        else builder.RefuseSandbox();
        builder.AddTelemetry();
        builder.AddLogs();
        builder.AddWeb();
        builder.AddProxies();
        builder.AddOrigins();
        builder.AddRequestLimits();
        builder.AddContacts();
        builder.AddDataKeys();
        builder.AddSilo();
        builder.AddIdentity();
        builder.AddVetting();
        builder.AddPrivacy();
        builder.AddMessaging();
        builder.AddAudit();
        builder.AddAlertDesk();
        builder.AddRealtime();
        builder.AddTrackers();
        builder.AddSweep();
        builder.AddWarningFeeds();
        builder.Services.AddSingleton<PositionDesk>();
        builder.Services.AddSingleton<RelativesDesk>();
        configure?.Invoke(builder);

        var app = builder.Build();
        if (sandbox) app.UseSandboxHeader();
        app.UseProxies();
        app.UseMiddleware<ProblemMiddleware>();
        if (!app.Environment.IsDevelopment()) app.UseHsts();
        app.UseRouting();
        app.UseCors();
        app.UseHubOrigins();
        app.UseAnonymousLimits();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseUserLimits();
        app.UseUtf8Json();
        app.MapHealth();
        app.MapOpenApi().AllowAnonymous();
        app.MapKeys();
        app.MapBootstrapPage();
        app.MapContactPages();
        app.MapOutbox();
        app.MapIngest();
        app.MapHubs();
        if (demo) app.MapDemo();

        var api = app.MapGroup("/api/v1");
        api.MapIdentity();
        api.MapSessions();
        api.MapSecondFactor();
        api.MapPassword();
        api.MapApps();
        api.MapOAuth();
        api.MapUsers();
        api.MapContacts();
        api.MapAge();
        api.MapBlocks();
        api.MapPrivacy();
        api.MapRights();
        api.MapAdminUsers();
        api.MapAlerts();
        api.MapFiles();
        api.MapOperations();
        api.MapAudit();
        api.MapStream();
        api.MapResponders();
        api.MapVetting();
        api.MapZones();
        api.MapWarnings();
        api.MapPublications();
        api.MapZoneWatch();
        if (sandbox) api.MapSandbox();
        api.MapTrackers();
        api.MapRelatives();
        api.MapTrail();
        api.MapRefusal();
        return app;
    }
}
