using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Alerts;

/// <summary>
/// Which areas have ever had an alert, so that operators of every area find every board. Two levels keep each record small: key
/// <see cref="AreaIndexKeys.Root"/> lists the shards, a shard lists at most 1,024 areas.
/// </summary>
[Alias("sos.alerts.IAreaIndexGrain")]
public interface IAreaIndexGrain : IGrainWithStringKey
{
    /// <summary>Lists an area (in a shard) or its shard (in the root); durable, known ones cost no write. The root tells who follows.</summary>
    [Alias("Add")] Task Add(string area);

    /// <summary>What is listed, in order.</summary>
    [Alias("List")] Task<ImmutableArray<string>> List();

    /// <summary>An operator of every area wants to hear of boards that start; renewed every 30 s, expires after 60 s. Root only.</summary>
    [Alias("Follow"), AlwaysInterleave] Task Follow(Guid operatorId, bool connected);
}

/// <summary>Keys of the area index.</summary>
public static class AreaIndexKeys
{
    /// <summary>The root.</summary>
    public const string Root = "*";

    /// <summary>The shard that lists an area: its first two characters.</summary>
    public static string ShardOf(string area) => area.Length > 2 ? area[..2] : area;
}
