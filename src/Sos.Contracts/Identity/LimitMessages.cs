using Orleans;

namespace Sos.Contracts.Identity;

/// <summary>A limit.</summary>
/// <param name="Most">Times in any window, 1 to 10,000.</param>
/// <param name="Window">The window.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.limit-rule")]
public sealed record LimitRule([property: Id(0)] int Most, [property: Id(1)] TimeSpan Window);

/// <summary>Answer of a limiter.</summary>
/// <param name="Wait">Zero: taken. Else how long until the next one is free.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.limit-answer")]
public sealed record LimitAnswer([property: Id(0)] TimeSpan Wait)
{
    /// <summary>One was taken.</summary>
    public bool Taken => Wait == TimeSpan.Zero;
}

/// <summary>What the watch over one-time codes sees.</summary>
/// <param name="Sent">Codes sent in the last hour.</param>
/// <param name="Verified">Codes that signed somebody in, in the last hour.</param>
/// <param name="FailuresAMinute">Wrong codes in the last minute.</param>
/// <param name="Cap">Codes that may be sent in this hour.</param>
/// <param name="Alarm">Why it is alarmed, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.code-watch-view")]
public sealed record CodeWatchView(
    [property: Id(0)] int Sent,
    [property: Id(1)] int Verified,
    [property: Id(2)] int FailuresAMinute,
    [property: Id(3)] int Cap,
    [property: Id(4)] CodeAlarm? Alarm);

/// <summary>Why the watch over one-time codes is alarmed.</summary>
public enum CodeAlarm
{
    /// <summary>Many wrong codes in a minute, whatever the accounts: somebody guesses.</summary>
    Guessing,

    /// <summary>Few of the codes that are sent are ever used: somebody is paid for messages.</summary>
    Pumping,

    /// <summary>More codes in an hour than three times the busiest of last week.</summary>
    Flood,
}

/// <summary>Answer to a note or a request to send.</summary>
/// <param name="Allowed">The code may be sent.</param>
/// <param name="Raised">An alarm that has begun with this; to be told once.</param>
[GenerateSerializer, Immutable, Alias("sos.identity.code-watch-answer")]
public sealed record CodeWatchAnswer([property: Id(0)] bool Allowed, [property: Id(1)] CodeAlarm? Raised);
