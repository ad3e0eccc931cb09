using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Users;

/// <summary>
/// Whom a person has blocked. A block is durable when answered; both people's <see cref="ISeparationsGrain"/> and open alerts follow at once,
/// as long as that takes, so that the answer tells nothing about whom a number belongs to. Key: user id.
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
}
