using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Reminders;
using Sos.Embedded.Storage;

namespace Sos.Embedded.State;

/// <summary>A grain's state as it is stored.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="Name">The state's name, as in <c>[PersistentState]</c>.</param>
/// <param name="Bytes">What the codec of states wrote.</param>
public readonly record struct StoredStateBytes(GrainId Grain, string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// All that lies in a data folder, for moving it to another one or another runtime. Holds the folder against every other process
/// while it is open. A folder that is being filled is marked until <see cref="Finish"/>, and no service starts on it before.
/// </summary>
public sealed class DataFolderContent : IDisposable
{
    /// <summary>Writes under way at once: what a group commit takes, twice.</summary>
    private const int AtOnce = 1024;

    private const int PageSize = 256;
    private readonly SqliteRecordStore _store;
    private readonly string _folder;
    private readonly List<Task> _writes = [];
    private long _mark;

    /// <summary>Opens a data folder, or makes it.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="loggers">For damaged records and a full disk.</param>
    /// <exception cref="DataDirectoryException">The folder is in use or unusable; the message is for the person who runs the service.</exception>
    public DataFolderContent(string folder, ILoggerFactory loggers)
    {
        _folder = Path.GetFullPath(folder);
        var options = new RecordStoreOptions { DataDirectory = _folder };
        _store = new SqliteRecordStore(options, TimeProvider.System, loggers.CreateLogger<SqliteRecordStore>(), static _ => { });
    }

    /// <summary>The mark of a folder that an import has begun to fill.</summary>
    internal static RecordKey Unfinished { get; } = new("import", "unfinished");

    /// <summary>Every state, by kind and key.</summary>
    /// <exception cref="DamagedRecordException">A record does not fit its checksum; it is named.</exception>
    /// <exception cref="DataDirectoryException">The folder holds something that is no state of a grain, or half an import.</exception>
    public async IAsyncEnumerable<StoredStateBytes> States()
    {
        for (var kind = await _store.NextKind(null); kind is not null; kind = await _store.NextKind(kind))
        {
            if (kind == ReminderRow.Kind) continue;
            if (kind == Unfinished.Kind) throw NotFinished(_folder);
            await foreach (var record in Records(kind)) yield return StateOf(record, _folder);
        }
    }

    /// <summary>Every reminder.</summary>
    /// <exception cref="DamagedRecordException">A record does not fit its checksum; it is named.</exception>
    public async IAsyncEnumerable<ReminderEntry> Reminders()
    {
        await foreach (var record in Records(ReminderRow.Kind)) yield return ReminderRow.Decode(record);
    }

    /// <summary>Begins to fill the folder.</summary>
    /// <exception cref="DataDirectoryException">There is something in it already.</exception>
    public async Task Begin()
    {
        var first = await _store.NextKind(null);
        if (first == Unfinished.Kind) throw NotFinished(_folder);
        if (first is not null) throw new DataDirectoryException($"The data folder '{_folder}' holds data already; import into one that has none.");
        _mark = await _store.Write(Unfinished, ReadOnlyMemory<byte>.Empty, 0, WriteLane.Ordinary);
    }

    /// <summary>Adds a state; on disk when <see cref="Finish"/> returns.</summary>
    /// <exception cref="StaleRecordException">It was added before; told by one of the next calls.</exception>
    public Task Add(StoredStateBytes state) => Write(KeyOf(state), state.Bytes);

    /// <summary>Puts other bytes in the place of a state; on disk when it returns.</summary>
    /// <exception cref="StaleRecordException">There is no such state.</exception>
    public async Task Replace(StoredStateBytes state)
    {
        var key = KeyOf(state);
        var present = await _store.Read(key) ?? throw new StaleRecordException(key, 1);
        await _store.Write(key, state.Bytes, present.Version, WriteLane.Ordinary);
    }

    /// <summary>Adds a reminder; on disk when <see cref="Finish"/> returns.</summary>
    /// <exception cref="StaleRecordException">It was added before; told by one of the next calls.</exception>
    public Task Add(ReminderEntry reminder) => Write(ReminderRow.KeyOf(reminder.GrainId, reminder.ReminderName), ReminderRow.Encode(reminder));

    /// <summary>All is there: services may start on the folder.</summary>
    public async Task Finish()
    {
        await WriteAll();
        await _store.Delete(Unfinished, _mark, WriteLane.Ordinary);
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    internal static DataDirectoryException NotFinished(string folder) =>
        new($"An import into the data folder '{Path.GetFullPath(folder)}' was not finished; delete its sos.db and sos.lock and import again.");

    internal static StoredStateBytes StateOf(StoredRecord record, string folder) => record.Key.Kind.Split('/') is [var type, var name]
        ? new StoredStateBytes(GrainId.Create(type, record.Key.Key), name, record.Data)
        : throw new DataDirectoryException($"The data folder '{folder}' holds records of an unknown kind '{record.Key.Kind}'; a newer version of the service made it.");

    private async IAsyncEnumerable<StoredRecord> Records(string kind)
    {
        string? after = null;
        do
        {
            var page = await _store.Scan(kind, after, PageSize);
            if (page.Damaged is [var damaged, ..]) throw new DamagedRecordException(damaged);
            foreach (var record in page.Records) yield return record;
            after = page.Next;
        }
        while (after is not null);
    }

    private static RecordKey KeyOf(StoredStateBytes state) => new($"{state.Grain.Type}/{state.Name}", state.Grain.Key.ToString());

    private async Task Write(RecordKey key, ReadOnlyMemory<byte> data)
    {
        _writes.Add(_store.Write(key, data, 0, WriteLane.Ordinary).AsTask());
        if (_writes.Count == AtOnce) await WriteAll();
    }

    private async Task WriteAll()
    {
        await Task.WhenAll(_writes);
        _writes.Clear();
    }
}
