using Orleans.Runtime;

namespace Orleans;

/// <summary>The stored reminders.</summary>
public interface IReminderTable
{
    /// <summary>Opens the table.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task StartAsync(CancellationToken cancellationToken = default)
#pragma warning disable CS0618 // Orleans' own default body: a table that only has the older method is opened by it.
        => Init();
#pragma warning restore CS0618

    /// <summary>Opens the table.</summary>
    [Obsolete("Implement and use StartAsync instead")]
    Task Init() => Task.CompletedTask;

    /// <summary>The reminders of a grain.</summary>
    /// <param name="grainId">The grain.</param>
    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>The reminders whose grain hashes into the range (begin, end]; begin ≥ end means outside (end, begin], and equal bounds mean all.</summary>
    /// <param name="begin">The exclusive lower bound of <see cref="GrainId.GetUniformHashCode"/>.</param>
    /// <param name="end">The inclusive upper bound.</param>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    /// <summary>One reminder, or null.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="reminderName">Its name within the grain.</param>
    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    /// <summary>Stores a reminder, in place of one with the same grain and name.</summary>
    /// <param name="entry">The reminder.</param>
    /// <returns>The new version.</returns>
    Task<string?> UpsertRow(ReminderEntry entry);

    /// <summary>Removes a reminder if its version is still this.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="reminderName">Its name within the grain.</param>
    /// <param name="eTag">The expected version.</param>
    /// <returns>Whether it was removed.</returns>
    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    /// <summary>Empties the table. For tests.</summary>
    Task TestOnlyClearTable();

    /// <summary>Closes the table.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}

/// <summary>Some stored reminders.</summary>
public sealed class ReminderTableData
{
    /// <summary>Makes a list of reminders.</summary>
    /// <param name="list">The reminders.</param>
    public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

    /// <summary>Makes a list of one reminder.</summary>
    /// <param name="entry">The reminder.</param>
    public ReminderTableData(ReminderEntry entry) => Reminders = [entry];

    /// <summary>Makes an empty list.</summary>
    public ReminderTableData() => Reminders = [];

    /// <summary>The reminders.</summary>
    public IList<ReminderEntry> Reminders { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Reminders.Count} reminders";
}

/// <summary>A stored reminder.</summary>
public sealed class ReminderEntry
{
    /// <summary>The grain.</summary>
    public GrainId GrainId { get; set; }

    /// <summary>Its name within the grain.</summary>
    public string ReminderName { get; set; } = null!;

    /// <summary>When it first ticks, UTC. Later ticks are whole periods after it.</summary>
    public DateTime StartAt { get; set; }

    /// <summary>From tick to tick.</summary>
    public TimeSpan Period { get; set; }

    /// <summary>The version of the row.</summary>
    public string ETag { get; set; } = null!;

    /// <inheritdoc/>
    public override string ToString() => $"<{GrainId}, {ReminderName}, {StartAt:O}, {Period}>";
}
