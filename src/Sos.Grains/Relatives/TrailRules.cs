using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>Which positions make a trail, and for how long.</summary>
internal static class TrailRules
{
    /// <summary>Positions that wait for their write at most.</summary>
    public const int MostUnwritten = 32;

    /// <summary>Positions that are held while writes fail; older ones are lost.</summary>
    public const int MostHeld = 256;

    /// <summary>Positions of an hour at most: one in half a minute.</summary>
    public const int MostOfAnHour = 120;

    /// <summary>How long a position waits for others to be written with it.</summary>
    public static readonly TimeSpan WrittenAfter = TimeSpan.FromMinutes(1);

    /// <summary>Who moves is kept no sooner again …</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(30);

    /// <summary>… and who stays after this, so that staying is told from silence.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(5);

    /// <summary>Less is no movement, metres; nor is what the device admits to be wrong by.</summary>
    private const double Least = 50;

    /// <summary>Whether a position tells something that the one kept before it does not.</summary>
    public static bool IsWorthKeeping(PositionFix? kept, PositionFix fix)
    {
        if (kept is null || fix.At - kept.At >= Latest) return true;
        return fix.At - kept.At >= Soonest && kept.Point.DistanceTo(fix.Point).Metres >= Math.Max(Least, fix.Accuracy?.Metres ?? 0);
    }

    /// <summary>Whether she keeps a position: it was true while she did, after what she has deleted, and is not too old by now.</summary>
    public static bool Takes(TrailState state, TrailPoint point, DateTimeOffset now) => state.Enabled && point.Fix.At >= state.Since && point.Fix.At >= Oldest(state, now);

    /// <summary>What is older is neither shown nor kept.</summary>
    public static DateTimeOffset Oldest(TrailState state, DateTimeOffset now)
    {
        var expired = now - TimeSpan.FromHours(Hours(state));
        return state.ClearedAt >= expired ? state.ClearedAt.AddTicks(1) : expired;
    }

    /// <summary>How long she keeps positions.</summary>
    public static int Hours(TrailState state) => state.KeepHours > 0 ? state.KeepHours : TrailSettings.UsualHours;

    /// <summary>Takes what she wishes.</summary>
    public static void Set(TrailState state, TrailSettings settings, DateTimeOffset now)
    {
        if (settings.Enabled && !state.Enabled) state.Since = now;
        (state.Enabled, state.KeepHours) = (settings.Enabled, settings.KeepHours);
    }

    /// <summary>The hour of a moment, since 1970.</summary>
    public static long HourOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;

    /// <summary>When an hour begins.</summary>
    public static DateTimeOffset StartOf(long hour) => DateTimeOffset.FromUnixTimeSeconds(hour * 3600);
}
