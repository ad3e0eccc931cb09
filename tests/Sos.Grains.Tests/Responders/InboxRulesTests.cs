using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Responders;

namespace Sos.Grains.Tests.Responders;

public class InboxRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, 123, TimeSpan.Zero);
    private static readonly ResponderOptions Options = new();
    private static readonly Guid Alert = Guid.Parse("019a0000-0000-7000-8000-000000000001");

    [Fact]
    public void The_same_alert_kind_and_round_is_put_in_once()
    {
        var state = new InboxState();
        Assert.True(Insert(state, Delivery(InboxKind.Offer, 5, 1)).Added);
        var again = Insert(state, Delivery(InboxKind.Offer, 6, 1));
        Assert.Equal((1, false), (again.Item.Seq, again.Added));
        Assert.True(Insert(state, Delivery(InboxKind.Offer, 6, 2)).Added);
        Assert.True(Insert(state, Delivery(InboxKind.Offer, 5, 1, Guid.NewGuid())).Added);
        Assert.Equal([1, 2, 3], state.Items.Select(i => i.Seq));
    }

    [Fact]
    public void A_stand_down_takes_the_place_of_the_offer_and_the_offer_does_not_come_back()
    {
        var state = new InboxState();
        Insert(state, Delivery(InboxKind.Offer, 5, 1));
        Insert(state, Delivery(InboxKind.StandDown, 6, 1));
        Assert.False(Insert(state, Delivery(InboxKind.Offer, 5, 1)).Added);
        Assert.Equal(InboxKind.StandDown, Assert.Single(state.Items).Kind);
    }

    [Fact]
    public void A_stand_down_overtaken_by_the_next_assignment_is_too_late()
    {
        var state = new InboxState();
        Insert(state, Delivery(InboxKind.Assigned, 8, 2));
        Assert.False(Insert(state, Delivery(InboxKind.StandDown, 6, 1)).Added);
        Assert.Equal(InboxKind.Assigned, Assert.Single(state.Items).Kind);
    }

    [Fact]
    public void Of_updates_only_the_newest_is_kept()
    {
        var state = new InboxState();
        Insert(state, Delivery(InboxKind.Assigned, 3, 1));
        for (var i = 0; i < 500; i++) Insert(state, Delivery(InboxKind.Update, 4 + i, 10 + i));
        Assert.Equal([InboxKind.Assigned, InboxKind.Update], state.Items.Select(i => i.Kind));
        Assert.Equal(501, state.Seq);
    }

    [Fact]
    public void Items_go_after_a_day_and_the_oldest_of_more_than_200()
    {
        var state = new InboxState();
        for (var i = 0; i < 250; i++) Insert(state, Delivery(InboxKind.Offer, 1, 1, Guid.NewGuid()));
        Assert.Equal(200, state.Items.Count);
        Assert.Equal(51, state.Items[0].Seq);
        Assert.Equal(100, InboxRules.After(state, 150, Now, Options).Length);
        Assert.Empty(InboxRules.After(state, 0, Now.AddHours(24), Options));
        InboxRules.Insert(state, Delivery(InboxKind.Offer, 1, 1), Now.AddHours(24), Options);
        Assert.Equal(251, Assert.Single(state.Items).Seq);
    }

    [Fact]
    public void An_item_comes_out_as_it_went_in()
    {
        var briefing = new Briefing(
            AlertKind.Medical, "u281z", new PositionFix(new GeoPoint(48.137123, -11.575456), Distance.FromMetres(12.5), Now.AddMinutes(-3), true), 1_234, 567, Now.AddSeconds(20), true);
        foreach (var delivery in new[]
        {
            Delivery(InboxKind.Assigned, 5, 1) with { Briefing = briefing },
            Delivery(InboxKind.Offer, 5, 1) with { Briefing = briefing with { Position = null, EtaSeconds = null, AnswerBy = null, DistanceMetres = null, Cell = null, DoNotEnter = false } },
            Delivery(InboxKind.Offer, 5, 2) with { Briefing = briefing with { Position = briefing.Position! with { Accuracy = null, LastKnown = false } } },
            Delivery(InboxKind.StandDown, 6, 1) with { Reason = "taken" },
        })
        {
            Assert.Equal(new InboxItem(7, Now, delivery), StoredInboxItem.Of(7, Now, delivery).ToItem());
        }
    }

    internal static InboxDelivery Delivery(InboxKind kind, long version, int round, Guid? alert = null) => new(alert ?? Alert, version, kind, round, null, null);

    private static (StoredInboxItem Item, bool Added) Insert(InboxState state, InboxDelivery delivery) => InboxRules.Insert(state, delivery, Now, Options);
}
