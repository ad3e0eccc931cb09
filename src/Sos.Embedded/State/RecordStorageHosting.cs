using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Storage;
using Sos.Embedded.Runtime;
using Sos.Embedded.Storage;

namespace Sos.Embedded.State;

/// <summary>How the record store and the storage of grain states join a silo.</summary>
public static class RecordStorageHosting
{
    /// <summary>Keeps records in one SQLite file. A failing disk ends the process at once, since nothing could be promised any more.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Folder, limits and reserve; the folder defaults to the setting <c>Sos:DataDirectory</c>.</param>
    public static ISiloBuilder AddSqliteRecordStore(this ISiloBuilder silo, Action<RecordStoreOptions>? configure = null)
    {
        var options = silo.Services.AddOptions<RecordStoreOptions>();
        if (silo.Configuration["Sos:DataDirectory"] is { Length: > 0 } folder) options.Configure(store => store.DataDirectory = folder);
        if (configure is not null) options.Configure(configure);
        silo.AddRecordStore(services => new SqliteRecordStore(
            services.GetRequiredService<IOptions<RecordStoreOptions>>().Value,
            TimeProvider.System,
            services.GetRequiredService<ILogger<SqliteRecordStore>>(),
            failure => Environment.FailFast("The disk failed under the record store.", failure)));
        silo.Services.AddSingleton<ISiloPart, WholeDataPart>();
        silo.Services.AddSingleton(static services => new RunningData((SqliteRecordStore)services.GetRequiredService<IRecordStore>(), services.GetRequiredService<IOptions<RecordStoreOptions>>()));
        return silo;
    }

    /// <summary>Keeps records in a store of the caller's choice, such as a simulated one.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="make">Makes the store.</param>
    public static ISiloBuilder AddRecordStore(this ISiloBuilder silo, Func<IServiceProvider, IRecordStore> make)
    {
        silo.Services.AddOptions<RecordLaneOptions>();
        silo.Services.AddSingleton(make);
        silo.Services.AddSingleton<ISiloPart, RecordStorePart>();
        silo.Services.TryAddSingleton<IPersistentStateFactory, StoredStateFactory>();
        return silo;
    }

    /// <summary>Lets grains keep their states in the record store under a provider name. Needs an <see cref="IGrainStorageSerializer"/>.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The name that <c>[PersistentState]</c> gives.</param>
    public static ISiloBuilder AddRecordGrainStorage(this ISiloBuilder silo, string name)
    {
        silo.Services.AddKeyedSingleton<IGrainStorage>(name, static (services, _) => ActivatorUtilities.CreateInstance<RecordGrainStorage>(services));
        return silo;
    }

    /// <summary>Opens the store before anything else starts, so that a taken folder stops the start with its one sentence.</summary>
    private sealed class RecordStorePart(IServiceProvider services) : ISiloPart
    {
        public Task Start(CancellationToken cancellationToken)
        {
            services.GetRequiredService<IRecordStore>();
            return Task.CompletedTask;
        }

        // The container closes the store with the host, after everything that uses it.
        public Task Stop(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Refuses a folder that an import has begun to fill and not finished: half of the data is none.</summary>
    private sealed class WholeDataPart(IRecordStore store, IOptions<RecordStoreOptions> options) : ISiloPart
    {
        public async Task Start(CancellationToken cancellationToken)
        {
            if (await store.Read(DataFolderContent.Unfinished) is not null) throw DataFolderContent.NotFinished(options.Value.DataDirectory);
        }

        public Task Stop(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
