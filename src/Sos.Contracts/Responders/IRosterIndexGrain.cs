using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Responders;

/// <summary>
/// One bucket of the on-duty responders of an area, so that a geocell that has just started hears of everybody at once.
/// Key: "{area}/{bucket}", see <see cref="RosterBuckets"/>.
/// </summary>
[Alias("sos.responders.IRosterIndexGrain")]
public interface IRosterIndexGrain : IGrainWithStringKey
{
    /// <summary>Lists a responder; durable. Known ones cost no write; many at once share writes.</summary>
    [Alias("Add"), AlwaysInterleave] Task Add(Guid responder);

    /// <summary>Takes a responder off the list; durable.</summary>
    [Alias("Remove"), AlwaysInterleave] Task Remove(Guid responder);

    /// <summary>Asks everybody on the list to announce to a cell. Cells that ask within a few seconds share one round.</summary>
    [Alias("Announce"), OneWay, AlwaysInterleave] Task Announce(string cell);
}

/// <summary>How a roster is cut, so that no record outgrows 64 KB with 100,000 responders in one area.</summary>
public static class RosterBuckets
{
    /// <summary>Buckets of an area.</summary>
    public const int Count = 64;

    /// <summary>The grain key of a responder's bucket.</summary>
    public static string KeyOf(Geo.AreaId area, Guid responder) => Key(area, responder.ToByteArray()[15] % Count);

    /// <summary>The grain key of a bucket, 0 to <see cref="Count"/> − 1.</summary>
    public static string Key(Geo.AreaId area, int bucket) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{area}/{bucket}");
}
