using System.Globalization;
using Orleans;

namespace Sos.Contracts.Privacy;

/// <summary>
/// Alerts whose data is due to be destroyed in the same quarter of an hour; one reminder for all of them. Key: see <see cref="RetentionBuckets"/>.
/// </summary>
[Alias("sos.privacy.IRetentionBucketGrain")]
public interface IRetentionBucketGrain : IGrainWithStringKey
{
    /// <summary>Lists an alert, durable when answered; false when the bucket is full: the next number takes it.</summary>
    [Alias("Add")] Task<bool> Add(Guid alertId);

    /// <summary>The alert's data is destroyed, or due in another bucket.</summary>
    [Alias("Remove")] Task Remove(Guid alertId);
}

/// <summary>Keys of buckets: "{end of the quarter, UTC, yyyyMMddHHmm}/{shard}/{number}".</summary>
public static class RetentionBuckets
{
    /// <summary>Span of a bucket.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(15);

    private const int Shards = 16;
    private const string Stamp = "yyyyMMddHHmm";

    /// <summary>The bucket of an alert.</summary>
    /// <param name="dueAt">When its data is due to be destroyed.</param>
    /// <param name="alertId">The alert.</param>
    /// <param name="number">From 0; the next where one is full.</param>
    public static string KeyOf(DateTimeOffset dueAt, Guid alertId, int number)
    {
        var end = new DateTime((dueAt.UtcTicks + Span.Ticks - 1) / Span.Ticks * Span.Ticks, DateTimeKind.Utc);
        return string.Create(CultureInfo.InvariantCulture, $"{end.ToString(Stamp, CultureInfo.InvariantCulture)}/{alertId.ToByteArray()[15] % Shards:x}/{number}");
    }

    /// <summary>When everything in a bucket is due.</summary>
    /// <exception cref="FormatException">That is no key of a bucket.</exception>
    public static DateTimeOffset EndOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DateTimeOffset.ParseExact(key.AsSpan(0, Math.Min(key.Length, Stamp.Length)), Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }
}
