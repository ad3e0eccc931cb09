using Sos.Contracts.Zones;

namespace Sos.Grains.Zones;

/// <summary>When a zone counts.</summary>
internal static class ScheduleRules
{
    /// <summary>Most hours of a schedule.</summary>
    public const int MostHours = 21;

    /// <summary>Whether a zone counts at a moment: not expired, and within its hours by the clock on the wall there.</summary>
    public static bool CountsAt(ZoneSchedule? schedule, DateTimeOffset? expires, DateTimeOffset at)
    {
        if (expires <= at) return false;
        if (schedule is null) return true;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(schedule.TimeZone, out var zone)) return true;
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var (day, time) = (local.DayOfWeek, TimeOnly.FromTimeSpan(local.TimeOfDay));
        var before = (DayOfWeek)(((int)day + 6) % 7);
        foreach (var hours in schedule.Hours)
        {
            var overnight = hours.To <= hours.From;
            if (hours.Days.Contains(day) && time >= hours.From && (overnight || time < hours.To)) return true;
            if (overnight && hours.Days.Contains(before) && time < hours.To) return true;
        }

        return false;
    }

    /// <summary>What is wrong with a schedule, by name; null: nothing.</summary>
    public static string? Fault(ZoneSchedule schedule)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(schedule.TimeZone, out _)) return "timeZone must be an IANA name like Europe/Vienna.";
        if (schedule.Hours.IsDefaultOrEmpty || schedule.Hours.Length > MostHours) return $"hours must be 1 to {MostHours}.";
        return schedule.Hours.Any(h => h.Days.IsDefaultOrEmpty || h.Days.Length > 7) ? "days must be 1 to 7 of mon, tue, wed, thu, fri, sat, sun." : null;
    }
}
