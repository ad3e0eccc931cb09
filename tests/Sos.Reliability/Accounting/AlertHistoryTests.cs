using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Reliability.Accounting;

/// <summary>T-0 of the accounting: what it lets pass means nothing unless it catches what is planted.</summary>
public sealed class AlertHistoryTests
{
    private static readonly Guid Kim = Guid.Parse("00000000-0000-7000-8000-000000000001");
    private static readonly Guid Lee = Guid.Parse("00000000-0000-7000-8000-000000000002");

    private static readonly (string Kind, string Status, Guid? Who)[] WholeLife =
    [
        ("raised", "raised", null), ("offered", "offered", null), ("seen", "offered", Kim), ("accepted", "accepted", Kim),
        ("en_route", "en_route", Kim), ("on_scene", "on_scene", Kim), ("resolved", "resolved", Kim),
    ];

    [Fact]
    public void A_whole_life_is_possible()
    {
        var history = Replay(WholeLife);
        Assert.Empty(history.Faults);
        Assert.True(history.IsClosed);
    }

    [Fact]
    public void Somebody_else_may_win_after_the_first_has_fallen_away() => Assert.Empty(Replay(
        [.. WholeLife[..4], ("declined", "accepted", Kim), ("unassigned", "offered", Kim), ("assigned", "offered", Lee), ("accepted", "accepted", Lee)]).Faults);

    [Fact]
    public void A_missing_event_is_a_fault()
    {
        var events = Events(WholeLife);
        events.RemoveAt(2);
        Assert.NotEmpty(AlertHistory.Of(events).Faults);
    }

    [Fact]
    public void An_event_told_twice_is_a_fault()
    {
        var events = Events(WholeLife);
        events.Insert(3, events[2]);
        Assert.NotEmpty(AlertHistory.Of(events).Faults);
    }

    [Fact]
    public void A_second_winner_is_a_fault()
    {
        var events = Events([.. WholeLife[..4], ("accepted", "accepted", Lee)]);
        Assert.Contains(AlertHistory.Of(events).Faults, fault => fault.Contains("second winner", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("on_scene", "on_scene", 2)]
    [InlineData("resolved", "raised", 2)]
    [InlineData("raised", "raised", 2)]
    [InlineData("noted", "accepted", 2)]
    [InlineData("offered", "offered", 4)]
    [InlineData("accepted", "accepted", 7)]
    [InlineData("cancelled", "cancelled", 7)]
    [InlineData("a word nobody has heard of", "raised", 1)]
    public void Moves_that_the_state_machine_does_not_have_are_faults(string kind, string status, int after) =>
        Assert.NotEmpty(Replay([.. WholeLife[..after], (kind, status, Kim)]).Faults);

    private static AlertHistory Replay((string Kind, string Status, Guid? Who)[] steps) => AlertHistory.Of(Events(steps));

    private static List<EventAnswer> Events((string Kind, string Status, Guid? Who)[] steps) =>
        [.. steps.Select((step, i) => new EventAnswer(Guid.Empty, i + 1, i, DateTimeOffset.UnixEpoch, step.Kind, step.Status, "responder", step.Who, null, null, null))];
}
