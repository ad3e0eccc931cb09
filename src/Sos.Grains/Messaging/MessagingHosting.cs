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
        silo.Services.TryAddSingleton<ISmsGateway>(static services =>
        {
            var options = services.GetRequiredService<IOptions<MessagingOptions>>().Value;
            var texts = Channel(services, options.Gateway);
            return options.Email.Length == 0 || options.Email == options.Gateway ? texts : new ChannelGateway(texts, Channel(services, options.Email));
        });
        return silo;
    }

    private static ISmsGateway Channel(IServiceProvider services, string name) => name switch
    {
        MessagingOptions.Outbox => services.GetRequiredService<DevelopmentOutbox>(),
        MessagingOptions.SmtpServer => ActivatorUtilities.CreateInstance<SmtpGateway>(services),
        _ => new NoGateway(),
    };
}
