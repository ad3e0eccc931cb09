using Sos.Contracts.Users;
using Sos.Grains.State;
using Sos.Grains.Users;

namespace Sos.Grains.Tests.Users;

public class BlockRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Me = Guid.NewGuid();
    private static readonly Guid Him = Guid.NewGuid();

    private readonly BlocksState _state = new();

    [Fact]
    public void The_same_block_again_is_answered_with_the_one_that_stands()
    {
        foreach (var draft in new[] { new BlockDraft(Him), new BlockDraft(null, "+15550100001", "key"), new BlockDraft(Him, AlertId: Me, Name: "Ben") })
        {
            var first = BlockRules.Add(_state, draft, Me, Guid.NewGuid(), Now);
            var second = BlockRules.Add(_state, draft, Me, Guid.NewGuid(), Now.AddDays(1));
            Assert.True(first.Changed);
            Assert.Equal((first.Entry, false), (second.Entry, second.Changed));
        }

        Assert.Equal(3, _state.Blocks.Count);
    }

    [Fact]
    public void Somebody_known_in_two_ways_stays_blocked_until_both_are_lifted()
    {
        var byNumber = Add(new BlockDraft(null, "+15550100001", "key"));
        BlockRules.Resolve(_state, byNumber, Him);
        var byAlert = Add(new BlockDraft(Him, AlertId: Guid.NewGuid(), Name: "Ben"));
        _state.Unsettled.Clear();

        Assert.True(BlockRules.Remove(_state, byNumber.Id));
        Assert.True(BlockRules.IsBlocked(_state, Him));
        Assert.True(BlockRules.Remove(_state, byAlert.Id));
        Assert.False(BlockRules.IsBlocked(_state, Him));
        Assert.Equal([Him], _state.Unsettled);
        Assert.False(BlockRules.Remove(_state, byAlert.Id));
    }

    [Fact]
    public void A_block_shows_what_was_known_and_not_whom_it_led_to()
    {
        var byNumber = Add(new BlockDraft(null, "+15550100001", "key"));
        var before = byNumber.View();
        BlockRules.Resolve(_state, byNumber, Him);
        Assert.Equal(before, byNumber.View());
        Assert.Null(Add(new BlockDraft(Him, AlertId: Guid.NewGuid(), Name: "Ben")).View().Person);
        Assert.Equal(Him, Add(new BlockDraft(Him)).View().Person);
    }

    [Fact]
    public void Nobody_blocks_herself_and_a_full_list_takes_no_more()
    {
        Assert.Equal(BlockRefusal.Oneself, BlockRules.Add(_state, new BlockDraft(Me), Me, Guid.NewGuid(), Now).Refusal);
        for (var i = 0; i < BlockRules.MostBlocks; i++) Add(new BlockDraft(Guid.NewGuid()));
        Assert.Equal(BlockRefusal.TooMany, BlockRules.Add(_state, new BlockDraft(Him), Me, Guid.NewGuid(), Now).Refusal);
        Assert.Equal(BlockRules.MostBlocks, _state.Blocks.Count);
    }

    [Fact]
    public void The_longest_list_and_the_longest_separations_fit_into_a_record()
    {
        for (var i = 0; i < BlockRules.MostBlocks; i++)
            BlockRules.Resolve(_state, Add(new BlockDraft(null, $"+4930123{i:D8}", new string('f', 64))), Guid.NewGuid());
        Assert.InRange(new SosStateSerializer().Serialize(_state).ToMemory().Length, 1, 64 * 1024);
        var many = Enumerable.Range(0, SeparationsState.Most).Select(_ => Guid.NewGuid()).ToHashSet();
        var separations = new SeparationsState { Mine = PackedIds.Pack(many), Theirs = PackedIds.Pack(many) };
        Assert.InRange(new SosStateSerializer().Serialize(separations).ToMemory().Length, 1, 64 * 1024);
        Assert.Equal(many, PackedIds.Unpack(separations.Theirs));
    }

    private BlockEntry Add(BlockDraft draft) => BlockRules.Add(_state, draft, Me, Guid.NewGuid(), Now).Entry!;
}
