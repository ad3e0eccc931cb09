using System.Globalization;

namespace Sos.Grains.Zones;

/// <summary>The weekly text about one's zone entries: how many, by risk. Methods that change the state say so.</summary>
internal static class ZoneSummaryRules
{
    /// <summary>Hour of Monday (UTC) at which it is sent.</summary>
    private const int Hour = 8;

    /// <summary>First day of the week (UTC) of a moment.</summary>
    public static DateOnly MondayOf(DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
    }

    /// <summary>When the next is due, counted from a moment; more than zero, at most a week.</summary>
    public static TimeSpan NextIn(DateTimeOffset now)
    {
        var today = new DateTimeOffset(MondayOf(now).ToDateTime(new TimeOnly(Hour, 0), DateTimeKind.Utc));
        return (today > now ? today : today.AddDays(7)) - now;
    }

    /// <summary>The text about the week before, which from now on counts as told; null when there is nothing to tell or it was told.</summary>
    public static string? Take(ZoneWatchState state, DateTimeOffset now)
    {
        var monday = MondayOf(now).AddDays(-7);
        if (!state.Watching || !state.WeeklySummary || state.SummedUp >= monday) return null;
        state.SummedUp = monday;
        if (state.Weeks.Find(week => week.Monday == monday) is not { } week || week.ByRisk.Sum() is not (> 0 and var sum)) return null;
        var risks = week.ByRisk.Select((count, index) => (count, Risk: index + 1)).Where(r => r.count > 0).Reverse().Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.count} of risk {r.Risk}"));
        return string.Create(CultureInfo.InvariantCulture, $"Last week you came into {sum} {(sum == 1 ? "zone" : "zones")}: {string.Join(", ", risks)}.");
    }
}
