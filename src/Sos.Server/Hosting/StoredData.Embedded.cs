using Sos.Embedded.State;
using Sos.Embedded.Storage;
using Sos.Server.Hosting.Transfer;

namespace Sos.Server.Hosting;

/// <summary>What the embedded build has stored: the one database of the data folder, which no service may use meanwhile.</summary>
internal sealed class StoredData : IAsyncDisposable
{
    private readonly DataFolderContent _content;

    private StoredData(DataFolderContent content) => _content = content;

    /// <summary>Whether the folder holds what grains have stored.</summary>
    public static bool LiesIn(DataFolder folder) => File.Exists(Path.Combine(folder.Path, "sos.db"));

    /// <summary>Opens what there is.</summary>
    /// <exception cref="StartupException">There is nothing.</exception>
    public static Task<StoredData> Open(IConfiguration configuration, ILoggerFactory loggers)
    {
        var folder = new DataFolder(configuration);
        if (!LiesIn(folder)) throw new StartupException($"There is no data in '{folder.Path}'; say where it is with --{DataFolder.Setting}=FOLDER.");
        return Task.FromResult(new StoredData(new DataFolderContent(folder.Path, loggers)));
    }

    /// <summary>What there is, as it was at one moment, also while the service goes on using it.</summary>
    /// <exception cref="StartupException">There is nothing, or it cannot be read.</exception>
    public static async IAsyncEnumerable<TransferItem> ReadBeside(IConfiguration configuration, ILoggerFactory loggers)
    {
        var folder = new DataFolder(configuration);
        if (await DataDoor.Knock(folder) is { } running)
        {
            await using (running)
            {
                using var reader = await ExportReader.Open(running, "the running service");
                await foreach (var item in reader.Items()) yield return item;
            }
        }
        else
        {
            await using var data = await Open(configuration, loggers);
            await foreach (var item in data.Read()) yield return item;
        }
    }

    /// <summary>Opens the place to be filled, and makes it where there is none.</summary>
    public static Task<StoredData> OpenEmpty(IConfiguration configuration, ILoggerFactory loggers) =>
        Task.FromResult(new StoredData(new DataFolderContent(new DataFolder(configuration).Path, loggers)));

    /// <summary>Everything, states first.</summary>
    /// <exception cref="StartupException">A record is damaged; it is named.</exception>
    public async IAsyncEnumerable<TransferItem> Read()
    {
        await foreach (var state in Named(_content.States())) yield return new TransferState(state.Grain, state.Name, state.Bytes);
        await foreach (var reminder in Named(_content.Reminders())) yield return TransferReminder.From(reminder);
    }

    /// <summary>Puts other bytes in the place of a state that was read.</summary>
    public Task Replace(TransferState state, ReadOnlyMemory<byte> bytes) => _content.Replace(new StoredStateBytes(state.Grain, state.Name, bytes));

    /// <summary>Takes everything; all of it or nothing.</summary>
    /// <exception cref="StartupException">There is something already, or an item cannot be stored.</exception>
    public async Task Fill(IAsyncEnumerable<TransferItem> items)
    {
        await _content.Begin();
        try
        {
            await foreach (var item in items)
            {
                if (item is TransferState state) await _content.Add(new StoredStateBytes(state.Grain, state.Name, state.Bytes));
                else if (item is TransferReminder reminder) await _content.Add(reminder.ToRow());
            }

            await _content.Finish();
        }
        catch (Exception refused) when (refused is StaleRecordException or RecordTooLargeException or StoreFullException)
        {
            throw new StartupException($"The import ended: {refused.Message}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _content.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async IAsyncEnumerable<T> Named<T>(IAsyncEnumerable<T> items)
    {
        await using var each = items.GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await each.MoveNextAsync()) yield break;
            }
            catch (DamagedRecordException damaged)
            {
                throw new StartupException($"{damaged.Message} Restore it from a backup, then export again.");
            }

            yield return each.Current;
        }
    }
}
