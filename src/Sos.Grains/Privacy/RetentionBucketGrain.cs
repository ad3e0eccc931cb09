using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Contracts.Privacy;
using Sos.Grains.State;

namespace Sos.Grains.Privacy;

/// <summary>Alerts that are due together.</summary>
[GenerateSerializer, Alias("sos.privacy.retention-bucket")]
internal sealed class RetentionBucketState
{
    /// <summary>Their ids, in the order they came.</summary>
    [Id(0)] public List<Guid> Alerts { get; set; } = [];
}

/// <summary>Sends every alert of the bucket to its end, again and again until each has said that it is done.</summary>
[GrainType("sos.retention-bucket")]
internal sealed class RetentionBucketGrain(
    [PersistentState("bucket", StorageNames.Records)] IPersistentState<RetentionBucketState> record,
    IOptions<PrivacyOptions> options,
    TimeProvider time) : Grain, IRetentionBucketGrain, IRemindable
{
    /// <summary>Ids of 40 bytes: every close writes the whole record, so it stays under 3 KB.</summary>
    private const int Most = 64;

    private const string ReminderName = "due";
    private readonly DueConfirmation _due = new(time, options.Value.ConfirmAfter);
    private bool _hasReminder;

    private string Key => this.GetPrimaryKeyString();

    public async Task<bool> Add(Guid alertId)
    {
        var alerts = record.State.Alerts;
        if (alerts.Contains(alertId)) return true;
        if (alerts.Count >= Most) return false;
        // Before the write: a stray reminder is harmless, a missing one would keep the data for ever.
        if (!_hasReminder)
        {
            var wait = RetentionBuckets.EndOf(Key) - time.GetUtcNow();
            await this.RegisterOrUpdateReminder(ReminderName, wait > Period ? wait : Period, Period);
            _hasReminder = true;
        }

        alerts.Add(alertId);
        await Write();
        return true;
    }

    public async Task Remove(Guid alertId)
    {
        if (!record.State.Alerts.Remove(alertId)) return;
        if (record.State.Alerts.Count > 0) await Write();
        else await Clear();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _hasReminder = true;
        if (record.State.Alerts.Count == 0)
        {
            // An addition whose write has failed may come again; after that the reminder is a stray.
            if (status.CurrentTickTime - status.FirstTickTime >= Period) await Unregister();
            return;
        }

        if (!_due.Look(RetentionBuckets.EndOf(Key))) return;
        foreach (var alert in record.State.Alerts) await GrainFactory.GetGrain<IAlertGrain>(alert).Retire(Key);
    }

    /// <summary>Time between ticks: the second one confirms.</summary>
    private TimeSpan Period => options.Value.ConfirmAfter;

    private async Task Clear()
    {
        await this.ClearOrLeave(record);

        await Unregister();
    }

    private async Task Unregister()
    {
        if (await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
        _hasReminder = false;
        DeactivateOnIdle();
    }

    private Task Write() => this.WriteOrLeave(record);
}
