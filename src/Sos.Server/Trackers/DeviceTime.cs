using System.Globalization;

namespace Sos.Server.Trackers;

/// <summary>Times as trackers write them.</summary>
internal static class DeviceTime
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Smaller numbers are seconds, as Traccar reads them: the year 2038.</summary>
    private const double FirstMilliseconds = int.MaxValue;

    /// <summary>The year 2096: what lies beyond is no time of a device.</summary>
    private const double LastMilliseconds = 4e12;

    /// <summary>Seconds or milliseconds since 1970, ISO 8601, or <c>yyyy-MM-dd HH:mm:ss</c> in UTC; null where it is none of these.</summary>
    public static DateTimeOffset? Read(string? text)
    {
        if (text is null) return null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
        var milliseconds = number < FirstMilliseconds ? number * 1000 : number;
        return milliseconds is > 0 and < LastMilliseconds ? DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds) : null;
    }
}
