using System.Collections.Immutable;
using Sos.Contracts.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Relatives;

/// <summary>
/// A person's own groupings of her list. A group holds ids of her own entries and nothing else: no consent, no switch, no end. So it can show nobody what was not
/// said to each, and there is nothing in it that somebody else could ask for.
/// </summary>
internal static class GroupRules
{
    /// <summary>Groups of a person.</summary>
    public const int MostGroups = 10;

    /// <summary>Makes a group.</summary>
    public static (GroupRefusal Refusal, GroupEntry? Group) Make(RelativesState state, GroupDraft draft, Guid id)
    {
        var refusal = FaultOf(state, draft, Guid.Empty);
        if (refusal == GroupRefusal.None && state.Groups.Count >= MostGroups) refusal = GroupRefusal.TooMany;
        if (refusal != GroupRefusal.None) return (refusal, null);
        var group = new GroupEntry { Id = id };
        state.Groups.Add(group);
        Set(group, draft);
        return (GroupRefusal.None, group);
    }

    /// <summary>Makes a group what the draft says. It changes nothing of what is shared: who comes in is shown nothing by it, and who goes is shown what she was.</summary>
    public static (GroupRefusal Refusal, GroupEntry? Group) Change(RelativesState state, Guid id, GroupDraft draft)
    {
        if (Of(state, id) is not { } group) return (GroupRefusal.NotFound, null);
        var refusal = FaultOf(state, draft, id);
        if (refusal != GroupRefusal.None) return (refusal, null);
        Set(group, draft);
        return (GroupRefusal.None, group);
    }

    /// <summary>Forgets a group; false when there is none.</summary>
    public static bool Remove(RelativesState state, Guid id) => state.Groups.RemoveAll(group => group.Id == id) > 0;

    /// <summary>Takes out of every group who is in the list no more or has ended it: of a relation that is made anew she says anew in which group it is.</summary>
    public static void Follow(RelativesState state)
    {
        foreach (var group in state.Groups)
        {
            var members = PackedIds.Unpack(group.Members);
            if (members.RemoveWhere(member => !MayBeIn(state, member)) > 0) group.Members = PackedIds.Pack(members);
        }
    }

    /// <summary>Says the same to each member as if it were said to her alone; null when there is no such group.</summary>
    public static MembersOutcome? Share(RelativesState state, Guid id, RelativeSharing sharing, DateTimeOffset now) =>
        Each(state, id, entry => (SharingRules.Share(state, entry.Id, sharing, now), null));

    /// <summary>Asks each member, under her own hour; null when there is no such group.</summary>
    public static MembersOutcome? Ask(RelativesState state, Guid id, DateTimeOffset now) => Each(state, id, entry =>
    {
        var asked = WhereRules.Ask(state, entry.Id, now);
        return (asked.Refusal, asked.AgainAt);
    });

    /// <summary>Her groups as she sees them.</summary>
    public static ImmutableArray<RelativeGroup> View(RelativesState state) => [.. state.Groups.Select(group => View(state, group))];

    /// <summary>A group as she sees it.</summary>
    public static RelativeGroup View(RelativesState state, GroupEntry group) => new(group.Id, group.Name, [.. Members(state, group).Select(RelativeRules.View)]);

    private static MembersOutcome? Each(RelativesState state, Guid id, Func<RelationEntry, (RelativeRefusal Refusal, DateTimeOffset? AgainAt)> act)
    {
        if (Of(state, id) is not { } group) return null;
        var outcomes = ImmutableArray.CreateBuilder<MemberOutcome>();
        foreach (var entry in Members(state, group))
        {
            var (refusal, againAt) = act(entry);
            outcomes.Add(new MemberOutcome(entry.View(), refusal, againAt));
        }

        return new MembersOutcome(state.Sharing, outcomes.ToImmutable());
    }

    private static GroupRefusal FaultOf(RelativesState state, GroupDraft draft, Guid own)
    {
        if (!draft.Members.All(member => MayBeIn(state, member))) return GroupRefusal.NotInList;
        return state.Groups.Exists(group => group.Id != own && string.Equals(group.Name, draft.Name, StringComparison.OrdinalIgnoreCase)) ? GroupRefusal.NameTaken : GroupRefusal.None;
    }

    private static bool MayBeIn(RelativesState state, Guid relation) => state.Of(relation) is { State: not RelationState.Ended };

    private static void Set(GroupEntry group, GroupDraft draft) => (group.Name, group.Members) = (draft.Name, PackedIds.Pack([.. draft.Members]));

    private static GroupEntry? Of(RelativesState state, Guid id) => state.Groups.Find(group => group.Id == id);

    private static IEnumerable<RelationEntry> Members(RelativesState state, GroupEntry group)
    {
        var members = PackedIds.Unpack(group.Members);
        return state.Relations.Where(entry => members.Contains(entry.Id));
    }
}
