using Sos.Contracts.Geo;

namespace Sos.Server.Alerts;

/// <summary>Puts the times of a press right. Phones' clocks are wrong by hours; the server's is what counts.</summary>
internal static class PressClock
{
    /// <summary>When the button was pressed: never in the future, and not so long ago that only the clock can be wrong.</summary>
    public static DateTimeOffset Pressed(DateTimeOffset? said, DateTimeOffset now, ref PressWarnings warnings)
    {
        if (said is not { } at) return now;
        if (at <= now && at >= now - Press.OldestPress) return at;
        if (at > now + Press.ClockTolerance || at < now) warnings |= PressWarnings.ClockCorrected;
        return now;
    }

    /// <summary>
    /// The position with its time by the server's clock. A device whose clock runs ahead says so by its press: the position's time is put
    /// back by as much. Positions older than <see cref="Press.FreshPosition"/> are marked as last known.
    /// </summary>
    public static PositionFix? Position(
        GeoPoint? point, double? accuracy, DateTimeOffset? said, DateTimeOffset? pressSaid, DateTimeOffset pressedAt, DateTimeOffset now, ref PressWarnings warnings)
    {
        if (point is not { } where) return null;
        var at = (said ?? pressedAt).ToUniversalTime();
        if (pressSaid > now)
        {
            var ahead = pressSaid.Value - now;
            at = at - DateTimeOffset.MinValue > ahead ? at - ahead : DateTimeOffset.MinValue;
        }

        if (at > now || at < now - Press.OldestPress)
        {
            if (said is not null && (said > now + Press.ClockTolerance || said < now)) warnings |= PressWarnings.PositionTimeCorrected;
            at = at > now ? now : pressedAt;
        }

        var stale = at < now - Press.FreshPosition;
        if (stale) warnings |= PressWarnings.PositionStale;
        return new PositionFix(where, accuracy is { } metres ? Distance.FromMetres(metres) : null, at, stale);
    }

    /// <summary>The end of the cancel countdown, counted from the press; null when there is none or it has run out on the way.</summary>
    public static DateTimeOffset? HoldUntil(double? seconds, DateTimeOffset pressedAt, DateTimeOffset now, ref PressWarnings warnings)
    {
        if (seconds is not { } wish) return null;
        var clamped = Math.Clamp(wish, 0, Press.MaxHold.TotalSeconds);
        if (clamped != wish) warnings |= PressWarnings.HoldClamped;
        var end = pressedAt.AddSeconds(clamped);
        return end > now ? end : null;
    }
}
