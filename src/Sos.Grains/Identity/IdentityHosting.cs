using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace Sos.Grains.Identity;

/// <summary>Adds sign-in and sessions to a silo.</summary>
public static class IdentityHosting
{
    /// <summary>Adds the options of section <c>Sos:Identity</c>.</summary>
    public static ISiloBuilder AddIdentity(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<IdentityOptions>().Bind(silo.Configuration.GetSection("Sos:Identity")).ValidateOnStart();
        silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdentityOptions>, IdentityOptions.Validator>());
        silo.Services.TryAddSingleton<ServiceStart>();
        silo.Services.AddHostedService(static services => services.GetRequiredService<ServiceStart>());
        return silo;
    }
}
