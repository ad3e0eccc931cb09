using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Sos.Contracts.Operations;

namespace Sos.Grains.Alerts;

/// <summary>How the alerts slice joins a silo.</summary>
public static class AlertsHosting
{
    /// <summary>Adds what alerts need beside their grains; a store of files that is registered already stays. Again: changes nothing.</summary>
    public static ISiloBuilder AddAlerts(this ISiloBuilder builder)
    {
        builder.Services.TryAddSingleton<AlertRevival>();
        builder.Services.AddOptions<AttachmentOptions>().Bind(builder.Configuration.GetSection(AttachmentOptions.Section)).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AttachmentOptions>, AttachmentOptions.Validator>());
        builder.Services.TryAddSingleton<IBlobStore, MemoryBlobs>();
        return builder;
    }
}
