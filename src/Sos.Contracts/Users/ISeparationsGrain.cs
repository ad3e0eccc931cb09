using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Users;

/// <summary>
/// Everybody who must not meet a person, whichever of the two has blocked the other: what dispatch, assignment and sharing ask. It calls
/// nobody. Shown to nobody. Key: user id.
/// </summary>
[Alias("sos.users.ISeparationsGrain")]
public interface ISeparationsGrain : IGrainWithGuidKey
{
    /// <summary>Who must not meet her; from memory.</summary>
    [Alias("Everybody"), AlwaysInterleave] Task<ImmutableArray<Guid>> Everybody();

    /// <summary>Keeps somebody apart from her, or not any more as far as one side is concerned; durable. Again: changes nothing.</summary>
    [Alias("Put")] Task Put(Guid person, SeparationSide side, bool apart);

    /// <summary>Deletes the record for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
