using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Messaging;

namespace Sos.Grains.Relatives;

/// <summary>What time brings: a look a day (a minute, while something is to be said), and the end of what was shared.</summary>
internal sealed partial class RelativesGrain
{
    private const string ReminderName = "relatives";
    private const string EndName = "sharing-ends";
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookAfter = TimeSpan.FromDays(1);

    private TimeSpan? _reminder;
    private DateTimeOffset? _end;

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!record.RecordExists)
        {
            // The write that it was registered for has failed, or everything was deleted.
            await ForgetReminders();
            DeactivateOnIdle();
            return;
        }

        if (reminderName == ReminderName) _reminder ??= status.Period;
        else _end ??= DateTimeOffset.MinValue; // there is one, and what it was for is looked up below
        var now = Now;
        var changed = SharingRules.Expire(State, now) | ConsentRules.LookAgain(State, now) | await LeaveGone();
        var (due, moved) = SharingRules.Remind(State, !SharingRules.At(_grants, now).IsEmpty, now);
        // Written before it is sent: a kill in between costs one reminder, and never makes two.
        if (changed || moved) await Commit();
        else await Push();
        if (due) await Person.Text(TextTemplate.SharingGoesOn, $"relatives/{Id:N}/{State.RemindedAt:yyyyMMdd}");
        await History.Purge();
        StartPump(TimeSpan.Zero);
        await Remind(IsAnythingDue ? TryAgainAfter : LookAfter);
        await RemindOfEnd();
    }

    private bool IsAnythingDue => State.Outbox.Count > 0 || State.RefusedNumbers.Count > 0 || State.Invitations.Exists(i => i.TextDue);

    private async Task Remind(TimeSpan every)
    {
        if (_reminder == every) return;
        await this.RegisterOrUpdateReminder(ReminderName, every, every);
        _reminder = every;
    }

    // Grants end by the clock without it; by it her devices hear of the last one. Further ahead than a day the daily look comes first.
    private async Task RemindOfEnd()
    {
        var now = Now;
        var end = SharingRules.LastEnd(State) is { } last && last - now < LookAfter ? last : (DateTimeOffset?)null;
        if (end == _end) return;
        // What ticks while nobody runs is not made up for: it comes again a minute later, until it was heard.
        if (end is { } at) await this.RegisterOrUpdateReminder(EndName, at > now ? at - now : TimeSpan.Zero, TryAgainAfter);
        else if (await this.GetReminder(EndName) is { } reminder) await this.UnregisterReminder(reminder);
        _end = end;
    }

    private async Task ForgetReminders()
    {
        foreach (var reminder in await this.GetReminders()) await this.UnregisterReminder(reminder);
        (_reminder, _end) = (null, null);
    }
}
