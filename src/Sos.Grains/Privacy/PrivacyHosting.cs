using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Storage;
using Sos.Contracts.Operations;
using Sos.Contracts.Privacy;

namespace Sos.Grains.Privacy;

/// <summary>How encryption at rest joins a silo.</summary>
public static class PrivacyHosting
{
    /// <summary>
    /// Seals everything that the storage providers of the grains store, with the host's <see cref="IKeyEncryption"/>; again: changes nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">A provider is missing: it must be added before.</exception>
    public static ISiloBuilder AddPrivacy(this ISiloBuilder silo)
    {
        if (silo.Services.Any(service => service.ServiceType == typeof(OwnerKeys))) return silo;
        silo.Services.AddOptions<PrivacyOptions>().Bind(silo.Configuration.GetSection(PrivacyOptions.Section)).ValidateOnStart();
        silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PrivacyOptions>, PrivacyOptions.Validator>());
        // A host without a key of its own signs with one that ends with it.
        silo.Services.TryAddSingleton<ITombstoneSigner>(static _ => new TombstoneSigner(ECDsa.Create(ECCurve.NamedCurves.nistP256)));
        foreach (var name in (string[])[StorageNames.Records, StorageNames.Large]) Seal(silo.Services, name);
        silo.Services.AddSingleton(static services => new OwnerKeys(
            services.GetRequiredKeyedService<IGrainStorage>(Unsealed(StorageNames.Records)), services.GetRequiredService<IKeyEncryption>()));
        silo.Services.AddSingleton(static services => new AlertFiles(services.GetRequiredService<IBlobStore>(), services.GetRequiredService<OwnerKeys>()));
        return silo;
    }

    private static void Seal(IServiceCollection services, string name)
    {
        var make = services.LastOrDefault(service => service.ServiceType == typeof(IGrainStorage) && service.IsKeyedService && Equals(service.ServiceKey, name))?.KeyedImplementationFactory
            ?? throw new InvalidOperationException($"Add the storage provider \"{name}\" before the grains, so that what they store in it is encrypted.");
        services.AddKeyedSingleton(Unsealed(name), (provider, _) => (IGrainStorage)make(provider, name));
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => new SealedGrainStorage(
            provider.GetRequiredKeyedService<IGrainStorage>(Unsealed(name)), provider.GetRequiredService<OwnerKeys>(), provider.GetRequiredService<IKeyEncryption>()));
    }

    private static string Unsealed(string name) => name + "/unsealed";
}
