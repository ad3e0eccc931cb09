using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.State;
using Sos.Embedded.Storage;

namespace Sos.Embedded.Reminders;

/// <summary>The reminders of all grains as rows of the record store.</summary>
internal sealed class RecordReminderTable(IRecordStore store, IOptions<RecordLaneOptions> lanes) : IReminderTable
{
    private const int PageSize = 1000;

    public async Task<ReminderTableData> ReadRows(GrainId grainId)
    {
        var prefix = ReminderRow.PrefixOf(grainId);
        var rows = new List<ReminderEntry>();
        for (string? after = prefix; after is not null;)
        {
            var page = await store.Scan(ReminderRow.Kind, after, 20);
            if (page.Damaged.FirstOrDefault(key => IsOf(key, prefix)) is { Key: not null } damaged) throw new DamagedRecordException(damaged);
            var own = page.Records.TakeWhile(record => IsOf(record.Key, prefix)).ToList();
            rows.AddRange(own.Select(ReminderRow.Decode));
            after = own.Count == page.Records.Count ? page.Next : null;
        }

        return new ReminderTableData(rows);
    }

    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        var rows = new List<ReminderEntry>();
        await foreach (var entry in ReadAll())
        {
            if (InRange(entry.GrainId.GetUniformHashCode(), begin, end)) rows.Add(entry);
        }

        return new ReminderTableData(rows);
    }

    /// <summary>Every sound row, page by page. Damaged rows are named in the store's log and do not hide the others.</summary>
    public async IAsyncEnumerable<ReminderEntry> ReadAll()
    {
        string? after = null;
        do
        {
            var page = await store.Scan(ReminderRow.Kind, after, PageSize);
            foreach (var record in page.Records) yield return ReminderRow.Decode(record);
            after = page.Next;
        }
        while (after is not null);
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
        => await store.Read(ReminderRow.KeyOf(grainId, reminderName)) is { } record ? ReminderRow.Decode(record) : null;

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        ReminderRow.CheckName(entry.ReminderName);
        var key = ReminderRow.KeyOf(entry.GrainId, entry.ReminderName);
        var lane = lanes.Value.OfReminder(entry.GrainId.Type.ToString());
        var data = ReminderRow.Encode(entry);

        // Most rows are new, so the first try reads nothing. A grain writes its own reminders in its own turns: a few tries are plenty.
        var expected = ReminderRow.VersionOf(entry.ETag);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                return ReminderRow.ETagOf(await store.Write(key, data, expected, lane));
            }
            catch (StaleRecordException)
            {
                expected = (await store.Read(key))?.Version ?? 0;
            }
        }

        return null;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        try
        {
            await store.Delete(ReminderRow.KeyOf(grainId, reminderName), ReminderRow.VersionOf(eTag), WriteLane.Ordinary);
            return true;
        }
        catch (StaleRecordException)
        {
            return false;
        }
    }

    public async Task TestOnlyClearTable()
    {
        await foreach (var entry in ReadAll()) await RemoveRow(entry.GrainId, entry.ReminderName, entry.ETag);
    }

    // (begin, end] on the ring of hashes; equal bounds are the whole ring.
    private static bool InRange(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static bool IsOf(RecordKey key, string prefix) => key.Key.StartsWith(prefix, StringComparison.Ordinal);
}
