using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Sos.Grains.Relatives;

/// <summary>Adds the cells of people who show themselves to relatives to a silo.</summary>
public static class ProximityHosting
{
    /// <summary>Binds <see cref="ProximityOptions"/>. May be called twice.</summary>
    public static ISiloBuilder AddProximity(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<ProximityOptions>().BindConfiguration(ProximityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return silo;
    }
}
