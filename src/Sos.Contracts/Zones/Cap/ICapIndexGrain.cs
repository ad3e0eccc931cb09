using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Zones.Cap;

/// <summary>A list of warnings, or of published zones. Key: <see cref="CapKeys.Shard"/> or <see cref="CapKeys.Published"/>.</summary>
[Alias("sos.zones.cap.ICapIndexGrain")]
public interface ICapIndexGrain : IGrainWithStringKey
{
    /// <summary>Most ids of a list; its record stays under 64 KB.</summary>
    const int Most = 2_000;

    /// <summary>Lists one; durable, a known one costs no write. False when there is no room.</summary>
    [Alias("Add")] Task<bool> Add(Guid id);

    /// <summary>Takes one off.</summary>
    [Alias("Remove")] Task Remove(Guid id);

    /// <summary>All of them, in no order.</summary>
    [Alias("List")] Task<ImmutableArray<Guid>> List();
}
