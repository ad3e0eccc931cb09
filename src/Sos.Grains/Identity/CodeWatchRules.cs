using Sos.Contracts.Identity;

namespace Sos.Grains.Identity;

/// <summary>What the watch over one-time codes counts, and when it is alarmed. The week is stored, the last hour is in memory.</summary>
internal sealed class CodeWatchRules(CodeWatchState week, IdentityOptions options)
{
    private const int HoursOfWeek = 168;
    private const int Minutes = 60;

    /// <summary>Below so many codes in an hour their use says nothing.</summary>
    private const int LeastForConversion = 100;

    /// <summary>An alarm is told once in this time, for each reason.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    private readonly (long Minute, int Sent, int Verified)[] _minutes = new (long, int, int)[Minutes];
    private readonly Queue<DateTimeOffset> _failures = [];
    private readonly Dictionary<CodeAlarm, DateTimeOffset> _told = [];

    /// <summary>Codes that may be sent in the present hour.</summary>
    public int Cap => Math.Max(options.CodesAnHour, 3 * week.Sent.Where((_, i) => i != Slot(week.Hour)).DefaultIfEmpty().Max());

    /// <summary>Takes one code of the hour; true in the second part when the week has to be written now.</summary>
    public (CodeWatchAnswer Answer, bool Write) TakeSend(DateTimeOffset now)
    {
        var begins = Turn(now);
        var slot = Slot(week.Hour);
        if (week.Sent[slot] >= Cap) return (new CodeWatchAnswer(false, Raise(CodeAlarm.Flood, now)), begins);
        week.Sent[slot]++;
        Minute(now).Sent++;
        var (sent, verified) = LastHour(now);
        var wasted = sent >= LeastForConversion && verified < options.AlarmConversion * sent;
        return (new CodeWatchAnswer(true, wasted ? Raise(CodeAlarm.Pumping, now) : null), begins || week.Sent[slot] % 32 == 0);
    }

    /// <summary>Counts a check.</summary>
    public CodeWatchAnswer NoteCheck(bool good, DateTimeOffset now)
    {
        if (good)
        {
            Minute(now).Verified++;
            return new CodeWatchAnswer(true, null);
        }

        _failures.Enqueue(now);
        if (_failures.Count > options.AlarmFailuresAMinute) _failures.Dequeue();
        return new CodeWatchAnswer(true, IsGuessing(now) ? Raise(CodeAlarm.Guessing, now) : null);
    }

    /// <summary>What there is to see.</summary>
    public CodeWatchView View(DateTimeOffset now)
    {
        var (sent, verified) = LastHour(now);
        CodeAlarm? alarm = IsGuessing(now) ? CodeAlarm.Guessing
            : sent >= LeastForConversion && verified < options.AlarmConversion * sent ? CodeAlarm.Pumping
            : week.Hour == Hour(now) && week.Sent.Count > 0 && week.Sent[Slot(week.Hour)] >= Cap ? CodeAlarm.Flood : null;
        return new CodeWatchView(sent, verified, _failures.Count(at => now < at + TimeSpan.FromMinutes(1)), Cap, alarm);
    }

    private static long Hour(DateTimeOffset now) => now.ToUnixTimeSeconds() / 3600;

    private static int Slot(long hour) => (int)(hour % HoursOfWeek);

    private bool IsGuessing(DateTimeOffset now) =>
        _failures.Count >= options.AlarmFailuresAMinute && now < _failures.Peek() + TimeSpan.FromMinutes(1);

    private CodeAlarm? Raise(CodeAlarm alarm, DateTimeOffset now)
    {
        if (_told.TryGetValue(alarm, out var told) && now < told + Quiet && now >= told) return null;
        _told[alarm] = now;
        return alarm;
    }

    /// <summary>Goes on to the hour that it is; the hours in between sent nothing. A clock that was set back stays in the newest hour.</summary>
    private bool Turn(DateTimeOffset now)
    {
        while (week.Sent.Count < HoursOfWeek) week.Sent.Add(0);
        var hour = Hour(now);
        if (hour <= week.Hour) return false;
        for (var h = Math.Max(week.Hour + 1, hour - HoursOfWeek + 1); h <= hour; h++) week.Sent[Slot(h)] = 0;
        week.Hour = hour;
        return true;
    }

    private ref (long Minute, int Sent, int Verified) Minute(DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        ref var bucket = ref _minutes[minute % Minutes];
        if (bucket.Minute != minute) bucket = (minute, 0, 0);
        return ref bucket;
    }

    private (int Sent, int Verified) LastHour(DateTimeOffset now)
    {
        var first = now.ToUnixTimeSeconds() / 60 - Minutes;
        var recent = _minutes.Where(bucket => bucket.Minute > first).ToList();
        return (recent.Sum(bucket => bucket.Sent), recent.Sum(bucket => bucket.Verified));
    }
}
