namespace Sos.Server.Alerts;

/// <summary>What the alerts' routes need.</summary>
internal static class AlertServices
{
    public static WebApplicationBuilder AddAlertDesk(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RecentPresses>();
        builder.Services.AddSingleton<PressDesk>();
        builder.Services.AddSingleton<StaffLooks>();
        return builder;
    }
}
