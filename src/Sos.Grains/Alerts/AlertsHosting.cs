using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;

namespace Sos.Grains.Alerts;

/// <summary>How the alerts slice joins a silo.</summary>
public static class AlertsHosting
{
    /// <summary>Adds what alerts need beside their grains; again: changes nothing.</summary>
    public static ISiloBuilder AddAlerts(this ISiloBuilder builder)
    {
        builder.Services.TryAddSingleton<AlertRevival>();
        return builder;
    }
}
