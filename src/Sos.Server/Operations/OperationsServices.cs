namespace Sos.Server.Operations;

/// <summary>What operations need beside their routes.</summary>
internal static class OperationsServices
{
    public static WebApplicationBuilder AddSweep(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OpenAlertSweep>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OpenAlertSweep>());
        return builder;
    }
}
