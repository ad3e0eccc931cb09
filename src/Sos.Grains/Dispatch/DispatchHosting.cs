using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace Sos.Grains.Dispatch;

/// <summary>How the dispatch slice joins a silo.</summary>
public static class DispatchHosting
{
    /// <summary>Adds the options of dispatch, checked at start; again: changes nothing.</summary>
    public static ISiloBuilder AddDispatch(this ISiloBuilder builder)
    {
        builder.Services.AddOptions<DispatchOptions>().BindConfiguration(DispatchOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DispatchOptions>, DispatchOptionsValidator>());
        return builder;
    }
}
