using Sos.Contracts.Users;

namespace Sos.Server.Users;

/// <summary>Whom to block: exactly one of the three.</summary>
/// <param name="UserId">User id.</param>
/// <param name="Phone">Number in any common spelling; the answer is the same whether or not it is anybody's here.</param>
/// <param name="AlertId">An alert of the caller: blocks the responder who comes or came.</param>
public sealed record BlockRequest(Guid? UserId = null, string? Phone = null, Guid? AlertId = null);

/// <summary>The blocks of the caller.</summary>
/// <param name="Items">Oldest first, at most 200.</param>
public sealed record BlockList(IReadOnlyList<BlockView> Items);

/// <summary>A block: what the caller knew when she made it.</summary>
/// <param name="Id">Id of the block.</param>
/// <param name="UserId">User id, where that was given.</param>
/// <param name="Phone">E.164, where that was given.</param>
/// <param name="AlertId">The alert, where that was given.</param>
/// <param name="Name">First name of the responder who came to it.</param>
/// <param name="At">When.</param>
public sealed record BlockView(Guid Id, Guid? UserId, string? Phone, Guid? AlertId, string? Name, DateTimeOffset At)
{
    internal static BlockView Of(Block block) => new(block.Id, block.Person, block.Phone, block.AlertId, block.Name, block.At);
}
