using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Users;

/// <summary>
/// Whom a person has blocked. A block is durable when answered; both people's <see cref="ISeparationsGrain"/> and open alerts have followed then
/// or, where that failed, follow as long as it takes. Those of a number follow right after the answer, which so tells nothing about it. Key: user id.
/// </summary>
[Alias("sos.users.IBlocksGrain")]
public interface IBlocksGrain : IGrainWithGuidKey
{
    /// <summary>The blocks, oldest first.</summary>
    [Alias("List")] Task<ImmutableArray<Block>> List();

    /// <summary>Blocks somebody; the same again is answered with what stands.</summary>
    [Alias("Add")] Task<BlockOutcome> Add(BlockDraft draft);

    /// <summary>Lifts a block; again: changes nothing.</summary>
    [Alias("Remove")] Task Remove(Guid block);

    /// <summary>Deletes the record for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
