using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Sos.Contracts.Messaging;

namespace Sos.Grains.Messaging;

/// <summary>How messages join a silo.</summary>
public static class MessagingHosting
{
    /// <summary>Adds the gateway of section <c>Sos:Messaging</c>; a gateway that is registered already stays.</summary>
    public static ISiloBuilder AddMessaging(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<MessagingOptions>().Bind(silo.Configuration.GetSection("Sos:Messaging")).ValidateOnStart();
        silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MessagingOptions>, MessagingOptions.Validator>());
        silo.Services.TryAddSingleton<DevelopmentOutbox>();
        silo.Services.TryAddSingleton<ISmsGateway>(static services => services.GetRequiredService<IOptions<MessagingOptions>>().Value.Gateway == MessagingOptions.Outbox
            ? services.GetRequiredService<DevelopmentOutbox>()
            : new NoGateway());
        return silo;
    }
}
