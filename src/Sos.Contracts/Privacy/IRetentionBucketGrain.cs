using System.Buffers.Binary;
using System.Globalization;
using Orleans;

namespace Sos.Contracts.Privacy;

/// <summary>
/// Alerts whose data is due to be destroyed in the same quarter of an hour; one reminder for all of them. Key: see <see cref="RetentionBuckets"/>.
/// </summary>
[Alias("sos.privacy.IRetentionBucketGrain")]
public interface IRetentionBucketGrain : IGrainWithStringKey
{
    /// <summary>Lists an alert, durable when answered; false when the bucket is full: the next level takes it.</summary>
    [Alias("Add")] Task<bool> Add(Guid alertId);

    /// <summary>The alert's data is destroyed, or due in another bucket.</summary>
    [Alias("Remove")] Task Remove(Guid alertId);
}

/// <summary>
/// Keys of buckets: "{end of the quarter, UTC, yyyyMMddHHmm}/{level}/{shard}". Level 0 has 16 shards, each further level twice as many as the one
/// before: few closed alerts share few reminders, a hundred thousand in one quarter are seven levels deep, and no bucket is ever large.
/// </summary>
public static class RetentionBuckets
{
    /// <summary>Span of a bucket.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(15);

    private const int Shards = 16;
    private const int DeepestLevel = 12;
    private const string Stamp = "yyyyMMddHHmm";

    /// <summary>The bucket of an alert.</summary>
    /// <param name="dueAt">When its data is due to be destroyed.</param>
    /// <param name="alertId">The alert.</param>
    /// <param name="level">From 0; the next where the bucket is full.</param>
    public static string KeyOf(DateTimeOffset dueAt, Guid alertId, int level)
    {
        var end = new DateTime((dueAt.UtcTicks + Span.Ticks - 1) / Span.Ticks * Span.Ticks, DateTimeKind.Utc);
        // The last bytes of a version 7 id are random.
        var shard = BinaryPrimitives.ReadUInt32LittleEndian(alertId.ToByteArray().AsSpan(12)) % (uint)(Shards << Math.Min(level, DeepestLevel));
        return string.Create(CultureInfo.InvariantCulture, $"{end.ToString(Stamp, CultureInfo.InvariantCulture)}/{level}/{shard:x}");
    }

    /// <summary>When everything in a bucket is due.</summary>
    /// <exception cref="FormatException">That is no key of a bucket.</exception>
    public static DateTimeOffset EndOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DateTimeOffset.ParseExact(key.AsSpan(0, Math.Min(key.Length, Stamp.Length)), Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }
}
