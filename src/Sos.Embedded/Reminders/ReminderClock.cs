using Orleans;

namespace Sos.Embedded.Reminders;

/// <summary>When a reminder ticks: at its start and every period after it. Ticks that were missed are not made up for.</summary>
/// <remarks>Orleans' <c>LocalReminderService.CalculateNextTickTime</c> and <c>CalculateFollowingTickTime</c>.</remarks>
internal static class ReminderClock
{
    /// <summary>The first tick at or after now.</summary>
    public static DateTime Next(ReminderEntry entry, DateTime now)
    {
        if (now <= entry.StartAt) return entry.StartAt;
        var sinceLast = (now - entry.StartAt).Ticks % entry.Period.Ticks;
        return sinceLast == 0 ? now : Add(now, entry.Period - TimeSpan.FromTicks(sinceLast));
    }

    /// <summary>The first tick at or after now that is not the previous one again.</summary>
    public static DateTime Following(ReminderEntry entry, DateTime previous, DateTime now)
    {
        var next = Next(entry, now);
        return next > previous ? next : Add(previous, entry.Period);
    }

    private static DateTime Add(DateTime time, TimeSpan span) => DateTime.MaxValue - time < span ? DateTime.MaxValue : time + span;
}
