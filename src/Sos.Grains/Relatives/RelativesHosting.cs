using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Sos.Grains.Relatives;

/// <summary>How the relatives slice joins a silo.</summary>
public static class RelativesHosting
{
    /// <summary>Binds <see cref="RelativeOptions"/>.</summary>
    public static ISiloBuilder AddRelatives(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<RelativeOptions>().BindConfiguration(RelativeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return silo;
    }
}
