using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Sos.Embedded.Runtime;

namespace Sos.Embedded.Reminders;

/// <summary>Keeps reminders and ticks them by calling their grains. One timer for all; it stands on the next tick.</summary>
internal sealed partial class RecordReminderService(
    ISilo silo, RecordReminderTable table, IOptions<ReminderOptions> options, ILogger<RecordReminderService> logger) : IReminderService, ISiloPart
{
    // The longest a timer may wait is about 49 days; standing on a day costs nothing.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private readonly object _gate = new();
    private readonly ReminderSchedule _schedule = new();
    private ITimer? _timer;
    private bool _stopped;

    private DateTime Now => silo.TimeProvider.GetUtcNow().UtcDateTime;

    public async Task Start(CancellationToken cancellationToken)
    {
        await foreach (var entry in table.ReadAll())
        {
            lock (_gate) _schedule.Put(entry, ReminderClock.Next(entry, Now));
        }

        lock (_gate)
        {
            _timer = silo.TimeProvider.CreateTimer(static service => ((RecordReminderService)service!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Arm();
        }

        LogStarted(_schedule.Count);
    }

    public Task Stop(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopped = true;
            _timer?.Dispose();
        }

        return Task.CompletedTask;
    }

    public async Task<IGrainReminder> RegisterOrUpdate(GrainId grainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        if (period < options.Value.MinimumReminderPeriod)
            throw new ArgumentException($"Reminder {reminderName}: the period {period} is shorter than the shortest allowed, {options.Value.MinimumReminderPeriod}.", nameof(period));

        var entry = new ReminderEntry { GrainId = grainId, ReminderName = reminderName, StartAt = Now + dueTime, Period = period };
        lock (_gate) entry.ETag = _schedule.ETagOf(grainId, reminderName)!;
        var etag = await table.UpsertRow(entry);
        if (etag is null) throw new ReminderException($"Reminder {reminderName} was changed by somebody else at the same time; try again.");
        entry.ETag = etag;
        lock (_gate)
        {
            _schedule.Put(entry, ReminderClock.Next(entry, Now));
            Arm();
        }

        return new StoredReminder(entry);
    }

    public async Task Unregister(GrainId grainId, IGrainReminder reminder)
    {
        var entry = ((StoredReminder)reminder).Entry;
        if (!await table.RemoveRow(entry.GrainId, entry.ReminderName, entry.ETag) && await table.ReadRow(entry.GrainId, entry.ReminderName) is not null)
            throw new ReminderException($"Reminder {entry.ReminderName} was changed since it was read; read it again.");
        lock (_gate) _schedule.Remove(entry.GrainId, entry.ReminderName);
    }

    public async Task<IGrainReminder?> Get(GrainId grainId, string reminderName)
        => await table.ReadRow(grainId, reminderName) is { } entry ? new StoredReminder(entry) : null;

    public async Task<List<IGrainReminder>> GetAll(GrainId grainId)
        => [.. (await table.ReadRows(grainId)).Reminders.Select(entry => new StoredReminder(entry))];

    private void OnTimer()
    {
        List<ReminderSchedule.Scheduled> ticks;
        lock (_gate)
        {
            if (_stopped) return;
            ticks = _schedule.TakeDue(Now);
            Arm();
        }

        // Started on the silo's own scheduler: ticks of different reminders do not wait for each other.
        foreach (var reminder in ticks)
            _ = Task.Factory.StartNew(() => Tick(reminder), CancellationToken.None, TaskCreationOptions.None, silo.BackgroundScheduler);
    }

    private async Task Tick(ReminderSchedule.Scheduled reminder)
    {
        var entry = reminder.Entry;
        try
        {
            var grain = silo.GrainFactory.GetGrain<IRemindable>(entry.GrainId);
            await grain.ReceiveReminder(entry.ReminderName, new TickStatus(entry.StartAt, entry.Period, Now));
        }
        catch (Exception failure)
        {
            LogFailedTick(entry.ReminderName, entry.GrainId.Type, failure);
        }

        // As in Orleans: the next tick is due after this one was handled, so that a reminder never ticks twice at a time, and those that it took to the end are missed.
        lock (_gate)
        {
            _schedule.Again(reminder, ReminderClock.Following(entry, reminder.Due, Now));
            Arm();
        }
    }

    private void Arm()
    {
        if (_timer is null || _stopped) return;
        if (_schedule.NextDue is not { } due)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = due - Now;
        // A timer cuts off parts of a millisecond; without rounding up it would come too early and find nothing.
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} reminders are kept")]
    private partial void LogStarted(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reminder {Name} of a grain {GrainType} failed; it is not repeated before its next tick")]
    private partial void LogFailedTick(string name, GrainType grainType, Exception failure);

    private sealed class StoredReminder(ReminderEntry entry) : IGrainReminder
    {
        public ReminderEntry Entry { get; } = entry;

        public string ReminderName => Entry.ReminderName;

        public override string ToString() => $"{Entry.GrainId.Type}: {ReminderName}";
    }
}
