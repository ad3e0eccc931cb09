using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Alerts;

/// <summary>One bounded segment of a listing of alerts; only its index calls it. Key: "{index key}#{number}".</summary>
[Alias("sos.alerts.IAlertIndexSegmentGrain")]
public interface IAlertIndexSegmentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds entries or changes their status, in one write, and drops what was raised at or after <paramref name="before"/> (null: nothing),
    /// which has moved to the next segment. Nothing new: no write.
    /// </summary>
    [Alias("Merge")] Task<AlertIndexFill> Merge(ImmutableArray<AlertIndexEntry> entries, DateTimeOffset? before);

    /// <summary>Every entry, oldest first.</summary>
    [Alias("Read")] Task<ImmutableArray<AlertIndexEntry>> Read();

    /// <summary>Deletes the record for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}

/// <summary>How full a segment is.</summary>
/// <param name="Count">Number of entries.</param>
/// <param name="Newest">When the newest was raised; null when empty.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.index-fill")]
public sealed record AlertIndexFill([property: Id(0)] int Count, [property: Id(1)] DateTimeOffset? Newest);
