using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Sos.Grains.Zones.Cap;

namespace Sos.Grains.Zones;

/// <summary>Adds zones to a silo.</summary>
public static class ZonesHosting
{
    /// <summary>Binds <see cref="ZoneOptions"/> and <see cref="CapOptions"/>, and registers the atlas, the listing, the intake of warnings and the bulletin. May be called twice.</summary>
    public static ISiloBuilder AddZones(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<ZoneOptions>().BindConfiguration(ZoneOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        silo.Services.AddOptions<CapOptions>().BindConfiguration(CapOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CapOptions>, CapFeedValidation>());
        silo.Services.TryAddSingleton<ZoneAtlas>();
        silo.Services.TryAddSingleton<ZoneListing>();
        silo.Services.TryAddSingleton<CapIntake>();
        silo.Services.TryAddSingleton<CapListing>();
        silo.Services.TryAddSingleton<CapBulletin>();
        return silo;
    }
}
