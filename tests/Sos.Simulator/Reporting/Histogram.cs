using System.Globalization;
using System.Numerics;

namespace Sos.Simulator.Reporting;

/// <summary>
/// Durations in log-linear buckets with an error below 0.1 %, like HdrHistogram (G. Tene): any number of threads record, no sample is dropped.
/// </summary>
internal sealed class Histogram
{
    private const int Half = 1024;
    private readonly long[] _buckets = new long[Half * 44];
    private long _count;
    private long _longest;

    public long Count => Interlocked.Read(ref _count);

    public TimeSpan Longest => TimeSpan.FromMicroseconds(Interlocked.Read(ref _longest));

    public void Record(TimeSpan duration)
    {
        var micros = Math.Max(0, (long)duration.TotalMicroseconds);
        Interlocked.Increment(ref _buckets[Index(micros)]);
        Interlocked.Increment(ref _count);
        for (var known = Interlocked.Read(ref _longest); micros > known;)
        {
            var before = Interlocked.CompareExchange(ref _longest, micros, known);
            if (before == known) break;
            known = before;
        }
    }

    /// <summary>The duration that a share of the samples does not exceed; zero without samples.</summary>
    public TimeSpan Quantile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        for (var (i, sum) = (0, 0L); i < _buckets.Length && Count > 0; i++)
        {
            sum += Interlocked.Read(ref _buckets[i]);
            if (sum >= rank) return TimeSpan.FromMicroseconds(Value(i));
        }

        return TimeSpan.Zero;
    }

    /// <summary>p50, p90, p99 and the longest, in the unit that suits them.</summary>
    public override string ToString() => Count == 0 ? "none" : $"{Text(Quantile(.5))}{Text(Quantile(.9))}{Text(Quantile(.99))}{Text(Longest)}";

    private static string Text(TimeSpan duration) => (duration.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:F1} s")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:F1} ms")).PadLeft(11);

    private static int Index(long value)
    {
        var exponent = Math.Max(0, BitOperations.Log2((ulong)value | 1) - 10);
        return (int)Math.Min(Half * 44 - 1, exponent * Half + (value >> exponent));
    }

    private static long Value(int index)
    {
        var exponent = Math.Max(0, index / Half - 1);
        return (long)(index - exponent * Half) << exponent;
    }
}
