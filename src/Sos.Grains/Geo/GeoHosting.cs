using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace Sos.Grains.Geo;

/// <summary>Adds the cells and the search over them to a silo.</summary>
public static class GeoHosting
{
    /// <summary>Binds <see cref="GeoOptions"/> and registers <see cref="NearbySearch"/>. May be called twice.</summary>
    public static ISiloBuilder AddGeo(this ISiloBuilder builder)
    {
        builder.Services.AddOptions<GeoOptions>().BindConfiguration(GeoOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GeoOptions>, GeoOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<NearbySearch>();
        return builder;
    }
}
