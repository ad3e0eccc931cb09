using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;

namespace Sos.Grains.Zones;

/// <summary>Adds zones to a silo.</summary>
public static class ZonesHosting
{
    /// <summary>Binds <see cref="ZoneOptions"/> and registers the atlas and the listing. May be called twice.</summary>
    public static ISiloBuilder AddZones(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<ZoneOptions>().BindConfiguration(ZoneOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        silo.Services.TryAddSingleton<ZoneAtlas>();
        silo.Services.TryAddSingleton<ZoneListing>();
        return silo;
    }
}
