using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Relatives;

// Her own groupings of her list. Nobody in a group learns that there is one, and what she does to a group she does to each of its members.
public partial interface IRelativesGrain
{
    /// <summary>Her groups, oldest first.</summary>
    [Alias("Groups")] Task<ImmutableArray<RelativeGroup>> Groups();

    /// <summary>Makes a group out of entries of her list.</summary>
    [Alias("MakeGroup")] Task<GroupOutcome> MakeGroup(GroupDraft draft);

    /// <summary>Makes a group what the draft says; what is shared with whom stays.</summary>
    [Alias("ChangeGroup")] Task<GroupOutcome> ChangeGroup(Guid group, GroupDraft draft);

    /// <summary>Forgets a group; its members and what is shared with them stay. False: there is none.</summary>
    [Alias("RemoveGroup")] Task<bool> RemoveGroup(Guid group);

    /// <summary>
    /// Shows her to everybody who is in the group now, or not any more, in one write: before the answer nobody finds her by what she has withdrawn. It holds for each
    /// of them as if it had been said to each; who is added later is shown nothing by it. Null: there is no such group.
    /// </summary>
    [Alias("ShareWithGroup")] Task<MembersOutcome?> ShareWithGroup(Guid group, RelativeSharing sharing);

    /// <summary>Asks everybody in the group where she is, each at most once an hour. Whether anybody is told shows in no answer. Null: there is no such group.</summary>
    [Alias("AskGroup")] Task<MembersOutcome?> AskGroup(Guid group);
}
