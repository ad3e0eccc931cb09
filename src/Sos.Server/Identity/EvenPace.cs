using System.Diagnostics;

namespace Sos.Server.Identity;

/// <summary>
/// Answers that may not tell by their time what was found: they leave at whole multiples of a step after the request, so that reading a
/// record, making one, or writing none all look alike.
/// </summary>
internal static class EvenPace
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <summary>Does the work and holds its result back to the next step.</summary>
    public static async Task<T> Keep<T>(Func<Task<T>> work)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await work();
        var due = (long)(Stopwatch.GetElapsedTime(started) / Step) + 1;
        // The real clock, not the service's: it is the real one that somebody measures with.
        while (due * Step - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } rest) await Task.Delay(rest > TimeSpan.FromMilliseconds(1) ? rest : TimeSpan.FromMilliseconds(1));
        return result;
    }
}
