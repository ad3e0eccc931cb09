using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Sos.Grains.Geo;

namespace Sos.Grains.Responders;

/// <summary>How the responders slice joins a silo.</summary>
public static class RespondersHosting
{
    /// <summary>Adds the options of responders, checked at start, and the cells they report to; again: changes nothing.</summary>
    public static ISiloBuilder AddResponders(this ISiloBuilder builder)
    {
        builder.Services.AddOptions<ResponderOptions>().BindConfiguration(ResponderOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ResponderOptions>, ResponderOptionsValidator>());
        builder.Services.TryAddSingleton<EpochSource>();
        return builder.AddGeo();
    }
}
