using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Embedded.Reminders;
using Sos.Embedded.Storage;

namespace Sos.Embedded.State;

/// <summary>All that a running service has stored, as it was at one moment, while it goes on storing.</summary>
/// <param name="store">The service's store.</param>
/// <param name="options">Its folder.</param>
public sealed class RunningData(SqliteRecordStore store, IOptions<RecordStoreOptions> options)
{
    /// <summary>Everything, in no order: each item either a state or a reminder.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DamagedRecordException">A record does not fit its checksum; it is named.</exception>
    /// <exception cref="IOException">The reader was too slow for what was written meanwhile.</exception>
    public async IAsyncEnumerable<(StoredStateBytes? State, ReminderEntry? Reminder)> Items([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in store.Snapshot(cancellationToken))
        {
            if (record.Key.Kind == ReminderRow.Kind) yield return (null, ReminderRow.Decode(record));
            else yield return (DataFolderContent.StateOf(record, options.Value.DataDirectory), null);
        }
    }
}
