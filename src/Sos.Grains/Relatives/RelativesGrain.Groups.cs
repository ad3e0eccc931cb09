using System.Collections.Immutable;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>Her own groupings of her list.</summary>
internal sealed partial class RelativesGrain
{
    public Task<ImmutableArray<RelativeGroup>> Groups()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(GroupRules.View(State));
    }

    public Task<GroupOutcome> MakeGroup(GroupDraft draft) => Grouped(GroupRules.Make(State, draft, Guid.CreateVersion7(Now)));

    public Task<GroupOutcome> ChangeGroup(Guid group, GroupDraft draft) => Grouped(GroupRules.Change(State, group, draft));

    public async Task<bool> RemoveGroup(Guid group)
    {
        var removed = GroupRules.Remove(State, group);
        if (removed) await Commit();
        else if (!record.RecordExists) DeactivateOnIdle();
        return removed;
    }

    public Task<MembersOutcome?> ShareWithGroup(Guid group, RelativeSharing sharing) => Done(GroupRules.Share(State, group, sharing, Now));

    public Task<MembersOutcome?> AskGroup(Guid group) => Done(GroupRules.Ask(State, group, Now));

    private async Task<GroupOutcome> Grouped((GroupRefusal Refusal, GroupEntry? Group) made)
    {
        if (made.Group is { } group)
        {
            await Commit();
            return new GroupOutcome(GroupRefusal.None, GroupRules.View(State, group));
        }

        if (!record.RecordExists) DeactivateOnIdle();
        return new GroupOutcome(made.Refusal, null);
    }

    // One write for all of them; where nothing was done to anybody, none.
    private async Task<MembersOutcome?> Done(MembersOutcome? outcome)
    {
        if (outcome?.Members.Any(static member => member.IsDone) == true) await Commit();
        else if (!record.RecordExists) DeactivateOnIdle();
        return outcome;
    }
}
