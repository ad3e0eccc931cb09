using Sos.Contracts.Relatives;
using Sos.Grains.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Relatives;

public sealed class GroupRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly RelativesState _state = new() { Sharing = true };

    [Fact]
    public void A_record_of_before_there_were_groups_is_read_and_has_none()
    {
        var old = BinaryData.FromString("""{"s":true,"v":7,"r":[{"i":"01890000-0000-7000-8000-000000000001","n":"+15550001","c":"Ben","s":"Active"}]}""");
        var state = new SosStateSerializer().Deserialize<RelativesState>(old);
        Assert.Equal((true, 7, "Ben"), (state.Sharing, state.Version, state.Relations.Single().Name));
        Assert.Empty(state.Groups);
        Assert.Equal(GroupRefusal.None, GroupRules.Make(state, new GroupDraft("Family", [state.Relations[0].Id]), Guid.NewGuid()).Refusal);
        var again = new SosStateSerializer().Deserialize<RelativesState>(new SosStateSerializer().Serialize(state));
        Assert.Equal(("Family", state.Relations[0].Id), (GroupRules.View(again).Single().Name, GroupRules.View(again).Single().Members.Single().Id));
    }

    [Fact]
    public void What_is_refused_changes_nothing_and_is_refused_by_her_own_list_alone()
    {
        var (ben, gone) = (Relation(RelationState.Active), Relation(RelationState.Ended));
        var family = Made("Family", ben);
        Assert.Equal(GroupRefusal.NameTaken, Make("FAMILY", ben));
        Assert.Equal(GroupRefusal.NotInList, Make("Others", ben, Guid.NewGuid()));
        Assert.Equal(GroupRefusal.NotInList, Make("Others", gone));
        Assert.Equal(GroupRefusal.NotFound, GroupRules.Change(_state, Guid.NewGuid(), new GroupDraft("Others", [])).Refusal);
        for (var i = 1; i < GroupRules.MostGroups; i++) Made($"Group {i}");
        Assert.Equal(GroupRefusal.TooMany, Make("One more"));
        Assert.Equal(GroupRefusal.NameTaken, GroupRules.Change(_state, family, new GroupDraft("group 1", [ben])).Refusal);
        Assert.False(GroupRules.Remove(_state, Guid.NewGuid()));
        Assert.Equal(GroupRules.MostGroups, _state.Groups.Count);
        Assert.Equal(("Family", ben), (GroupRules.View(_state)[0].Name, GroupRules.View(_state)[0].Members.Single().Id));

        // Its own name is no other's.
        Assert.Equal(GroupRefusal.None, GroupRules.Change(_state, family, new GroupDraft("family", [ben, ben])).Refusal);
        Assert.Single(GroupRules.View(_state)[0].Members);
        Assert.True(GroupRules.Remove(_state, family));
        Assert.Equal(GroupRefusal.None, Make("One more"));
    }

    [Fact]
    public void Who_has_ended_it_or_was_taken_out_of_the_list_is_in_no_group_and_the_others_stay()
    {
        var (ben, cleo, dora) = (Relation(RelationState.Active), Relation(RelationState.Active), Relation(RelationState.Invited));
        Made("All", ben, cleo, dora);
        Made("Two", ben, dora);
        ConsentRules.End(_state.Of(ben)!);
        RelativeRules.Remove(_state, cleo);
        GroupRules.Follow(_state);
        Assert.All(GroupRules.View(_state), group => Assert.Equal([dora], group.Members.Select(member => member.Id)));
        Assert.All(_state.Groups, group => Assert.Equal(16, group.Members.Length));
    }

    [Fact]
    public void What_is_said_to_a_group_is_for_each_member_what_it_is_said_to_her_alone_and_nothing_for_anybody_else()
    {
        var random = new Random(5);
        for (var run = 0; run < 200; run++)
        {
            var alone = Lists(random.Next());
            var together = Copy(alone);
            var members = alone.Relations.Where(_ => random.Next(2) == 0).Select(r => r.Id).ToArray();
            var (_, group) = GroupRules.Make(together, new GroupDraft("Family", [.. members.Where(id => alone.Of(id)!.State != RelationState.Ended)]), Guid.NewGuid());
            var sharing = new RelativeSharing(random.Next(2) == 0, random.Next(2) == 0 ? null : Now.AddHours(3), (SharePrecision)random.Next(2));

            var shared = GroupRules.Share(together, group!.Id, sharing, Now)!;
            Assert.All(shared.Members, of => Assert.Equal((SharingRules.Share(alone, of.Member.Id, sharing, Now), alone.Of(of.Member.Id)!.View()), (of.Refusal, of.Member)));
            var asked = GroupRules.Ask(together, group.Id, Now)!;
            Assert.All(asked.Members, of => Assert.Equal(WhereRules.Ask(alone, of.Member.Id, Now), new WhereAsked(of.Refusal, of.AgainAt)));
            together.Groups.Clear();
            Assert.Equal(Bytes(alone), Bytes(together));
        }

        Assert.Null(GroupRules.Share(_state, Guid.NewGuid(), new RelativeSharing(true, null, SharePrecision.Exact), Now));
        Assert.Null(GroupRules.Ask(_state, Guid.NewGuid(), Now));
    }

    [Fact]
    public void Coming_into_a_group_shows_nobody_anything_and_going_takes_nothing_away()
    {
        var (ben, cleo) = (Relation(RelationState.Active), Relation(RelationState.Active));
        var family = Made("Family", ben);
        GroupRules.Share(_state, family, new RelativeSharing(true, null, SharePrecision.Exact), Now);
        GroupRules.Change(_state, family, new GroupDraft("Family", [cleo]));
        Assert.True(_state.Of(ben)!.Enabled);
        Assert.False(_state.Of(cleo)!.Enabled);
        GroupRules.Remove(_state, family);
        Assert.True(_state.Of(ben)!.Enabled);
    }

    private static RelativesState Lists(int seed)
    {
        var (random, state) = (new Random(seed), new RelativesState { Sharing = true });
        for (var i = 0; i < 8; i++)
        {
            state.Relations.Add(new RelationEntry
            {
                Id = Guid.NewGuid(),
                Person = Guid.NewGuid(),
                State = new[] { RelationState.Active, RelationState.Invited, RelationState.Ended }[random.Next(3)],
                Paused = random.Next(3) == 0,
                Enabled = random.Next(2) == 0,
                AskedAt = random.Next(2) == 0 ? Now.AddMinutes(-random.Next(120)) : null,
                OnceUntil = random.Next(3) == 0 ? Now.AddMinutes(5) : null,
            });
        }

        return state;
    }

    private static RelativesState Copy(RelativesState state) => new SosStateSerializer().Deserialize<RelativesState>(new SosStateSerializer().Serialize(state));

    private static string Bytes(RelativesState state) => new SosStateSerializer().Serialize(state).ToString();

    private Guid Relation(RelationState state)
    {
        var entry = new RelationEntry { Id = Guid.NewGuid(), Person = Guid.NewGuid(), State = state };
        _state.Relations.Add(entry);
        return entry.Id;
    }

    private GroupRefusal Make(string name, params Guid[] members) => GroupRules.Make(_state, new GroupDraft(name, [.. members]), Guid.NewGuid()).Refusal;

    private Guid Made(string name, params Guid[] members)
    {
        Assert.Equal(GroupRefusal.None, Make(name, members));
        return _state.Groups[^1].Id;
    }
}
