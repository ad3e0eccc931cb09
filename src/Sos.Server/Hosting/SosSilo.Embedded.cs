using Sos.Contracts.Operations;
using Sos.Embedded;
using Sos.Embedded.Reminders;
using Sos.Embedded.State;
using Sos.Embedded.Storage;
using Sos.Embedded.Streams;
using Sos.Grains;

namespace Sos.Server.Hosting;

/// <summary>The silo of the embedded build: one process, one SQLite file in the data folder.</summary>
internal static class SosSilo
{
    /// <summary>What the grains run on.</summary>
    public const string Runtime = "embedded";

    /// <summary>A caller waits no longer than an HTTP request does; the alert's own calls say less.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds the silo with everything the grains need.</summary>
    public static WebApplicationBuilder AddSilo(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["WEBSITE_INSTANCE_ID"] is { Length: > 0 })
            throw new StartupException("This is the embedded build, which keeps its data in one folder of one machine; on App Service deploy the build with SosRuntime=Azure.");

        builder.Services.AddSingleton<DataFolder>();
        builder.Services.Configure<EmbeddedRuntimeOptions>(runtime => runtime.ResponseTimeout = ResponseTimeout);
        // A person in danger waits for the first write of her alert: it goes before all others.
        builder.Services.Configure<RecordLaneOptions>(lanes => lanes.AcceptanceGrainTypes.Add("sos.alert"));
        builder.UseSosEmbedded(silo => silo
            .AddSqliteRecordStore()
            .AddRecordGrainStorage(StorageNames.Records)
            .AddRecordGrainStorage(StorageNames.Large)
            .AddRecordReminders()
            .AddEmbeddedStreams(StreamNames.Provider)
            .AddSosGrains());
        builder.Services.AddHostedService<DataDoor>();
        return builder;
    }

    /// <summary>True when the store had no room: nothing was written.</summary>
    public static bool IsStoreFull(Exception exception) => exception is StoreFullException || exception.InnerException is { } inner && IsStoreFull(inner);

    /// <summary>The sentence for a data folder that cannot be used, or null.</summary>
    public static string? FolderRefusal(Exception failure) =>
        failure is DataDirectoryException ? failure.Message : failure.InnerException is { } inner ? FolderRefusal(inner) : null;
}
