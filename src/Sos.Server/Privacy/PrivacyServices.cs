using Sos.Contracts.Privacy;

namespace Sos.Server.Privacy;

/// <summary>Keys of stored data and of what remains of it.</summary>
internal static class PrivacyServices
{
    /// <summary>Adds the keys; before the silo, so that the first key is on disk before the first record.</summary>
    public static WebApplicationBuilder AddDataKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DataKeyFiles>();
        builder.Services.AddSingleton<IKeyEncryption>(static services => services.GetRequiredService<DataKeyFiles>());
        builder.Services.AddHostedService<FirstDataKey>();
        return builder;
    }

    /// <summary>Adds the check of the keys and the key of tombstones; after the silo, so that a folder that cannot be used is told first.</summary>
    public static WebApplicationBuilder AddPrivacy(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<DataKeyCheck>();
        builder.Services.AddHostedService<BackupKeyExpiry>();
        builder.Services.AddSingleton<PersonalLooks>();
        builder.Services.AddSingleton<AlertCopies>();
        builder.Services.AddSingleton<PersonalExport>();
        builder.Services.AddSingleton<EvidenceFile>();
        builder.Services.AddSingleton<TombstoneKey>();
        builder.Services.AddSingleton<ITombstoneSigner>(static services => services.GetRequiredService<TombstoneKey>().Signer);
        return builder;
    }

    /// <summary>Made with the host, before the silo opens its store: that makes the first key.</summary>
    private sealed class FirstDataKey(DataKeyFiles keys) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(keys);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class DataKeyCheck(DataKeyFiles keys) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            keys.RequireKey();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
