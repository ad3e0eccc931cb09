using Sos.Contracts.Alerts;
using Sos.Grains.Alerts;

namespace Sos.Grains.Tests.Alerts;

/// <summary>The rules of boards and of those who follow them.</summary>
public sealed class AlertBoardTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly AlertBoard _board = new();

    [Fact]
    public void Who_needs_staff_comes_first_then_who_has_nobody_then_the_oldest()
    {
        var helped = Entry(1, AlertStatus.OnScene, minute: 0);
        var young = Entry(2, AlertStatus.Raised, minute: 5);
        var old = Entry(3, AlertStatus.Offered, minute: 1);
        var needsStaff = Entry(4, AlertStatus.Offered, minute: 9) with { NeedsStaff = true };
        foreach (var entry in new[] { helped, young, old, needsStaff }) _board.Apply(entry);

        Assert.Equal([needsStaff, old, young, helped], _board.InOrder());
    }

    [Theory]
    [InlineData(AlertStatus.Resolved)]
    [InlineData(AlertStatus.Cancelled)]
    [InlineData(AlertStatus.FalseAlarm)]
    public void A_closed_alert_leaves_and_a_late_announcement_does_not_bring_it_back(AlertStatus closed)
    {
        var open = Entry(1, AlertStatus.Offered, minute: 0);
        Assert.True(_board.Apply(open));
        Assert.True(_board.Apply(open with { Status = closed, Seq = 9 }));
        Assert.False(_board.Apply(open with { Seq = 5 }));
        Assert.Empty(_board.InOrder());
    }

    [Fact]
    public void An_alert_that_closed_before_the_board_heard_of_it_never_appears()
    {
        Assert.True(_board.Apply(Entry(1, AlertStatus.Cancelled, minute: 0)));
        Assert.False(_board.Apply(Entry(1, AlertStatus.Raised, minute: 0)));
        Assert.Equal(0, _board.Count);
    }

    [Fact]
    public void Older_news_changes_nothing()
    {
        var entry = Entry(1, AlertStatus.Accepted, minute: 0) with { Seq = 4, Version = 7 };
        _board.Apply(entry);
        Assert.False(_board.Apply(entry));
        Assert.False(_board.Apply(entry with { Seq = 3, Version = 8, Status = AlertStatus.Offered }));
        Assert.True(_board.Apply(entry with { Version = 8, ClaimedBy = Guid.NewGuid() }));
        Assert.Equal(8, _board.InOrder().Single().Version);
    }

    [Fact]
    public void What_is_remembered_of_closed_alerts_is_bounded()
    {
        for (var i = 1; i <= AlertBoard.RememberedClosed + 1; i++) _board.Apply(Entry(i, AlertStatus.Resolved, minute: 0));
        Assert.False(_board.Apply(Entry(2, AlertStatus.Raised, minute: 0)));
        Assert.True(_board.Apply(Entry(1, AlertStatus.Raised, minute: 0)));
    }

    [Fact]
    public void A_follower_stays_for_a_minute_and_leaves_when_it_says_so()
    {
        var followers = new Followers(BoardTimes.FollowFor);
        var (stays, leaves, falls) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        followers.Follow(falls, true, Now);
        followers.Follow(stays, true, Now);
        followers.Follow(leaves, true, Now);
        followers.Follow(stays, true, Now.AddSeconds(30));
        followers.Follow(leaves, false, Now.AddSeconds(31));

        Assert.Equal([falls, stays], followers.At(Now.AddSeconds(59)));
        Assert.Equal([stays], followers.At(Now.AddSeconds(60)));
        Assert.Empty(followers.At(Now.AddSeconds(90)));
    }

    private static BoardEntry Entry(int number, AlertStatus status, int minute) => new(
        new Guid(number, 0, 0, new byte[8]), "dr4e", Seq: 1, Version: 1, status, AlertKind.Medical, Now.AddMinutes(minute), DueAt: null, Position: null,
        Helper: null, ClaimedBy: null, NeedsStaff: false);
}
