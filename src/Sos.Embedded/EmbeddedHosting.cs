using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Sos.Embedded.Runtime;
using Sos.Embedded.Runtime.References;

namespace Sos.Embedded;

/// <summary>Puts the embedded runtime into a host.</summary>
public static class EmbeddedHosting
{
    /// <summary>
    /// Adds the embedded runtime, in the place of <c>UseOrleans</c>. It starts after the hosted services that were registered before this
    /// call, and before those that <paramref name="configure"/> registers.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="configure">Adds the slices, the store and the options.</param>
    /// <returns>The host.</returns>
    public static IHostApplicationBuilder UseSosEmbedded(this IHostApplicationBuilder builder, Action<ISiloBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        AddRuntime(builder.Services);
        builder.Services.AddHostedService<SiloService>();
        configure(new SiloBuilder(builder.Services, builder.Configuration));
        return builder;
    }

    internal static void AddRuntime(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SiloEnvironment, MachineEnvironment>();
        services.TryAddSingleton<IValidateOptions<EmbeddedRuntimeOptions>, EmbeddedRuntimeOptionsValidator>();
        services.AddOptions<EmbeddedRuntimeOptions>().ValidateOnStart();
        services.TryAddSingleton<Silo>();
        services.TryAddSingleton<ISilo>(provider => provider.GetRequiredService<Silo>());
        services.TryAddSingleton(provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.TryAddSingleton<IClusterClient>(provider => new ClusterClient(provider.GetRequiredService<Silo>()));
        services.TryAddScoped<IGrainContext>(_ => CurrentActivation.Value ?? throw new InvalidOperationException("No grain is running here."));
    }

    internal sealed class SiloBuilder(IServiceCollection services, IConfiguration configuration) : ISiloBuilder
    {
        public IServiceCollection Services => services;

        public IConfiguration Configuration => configuration;
    }
}
