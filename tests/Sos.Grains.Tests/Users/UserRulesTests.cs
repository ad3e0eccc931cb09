using Sos.Contracts.Users;
using Sos.Grains.Users;

namespace Sos.Grains.Tests.Users;

public sealed class UserRulesTests
{
    private readonly UserState _state = new();
    private readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void An_account_is_made_once()
    {
        Assert.True(UserRules.Register(_state, new UserRegistration("+49301234567", null, Roles.User), _now));
        Assert.False(UserRules.Register(_state, new UserRegistration("+49307654321", null, Roles.User | Roles.Admin), _now.AddDays(1)));
        Assert.Equal(("+49301234567", Roles.User, _now), (_state.Phone, _state.Roles, _state.CreatedAt));
    }

    [Fact]
    public void Nobody_loses_the_role_of_a_user()
    {
        UserRules.Grant(_state, new UserGrant(Roles.Operator, null, null));
        Assert.Equal(Roles.User | Roles.Operator, _state.Roles);
    }

    [Fact]
    public void What_is_left_out_of_a_change_stays()
    {
        UserRules.Update(_state, new ProfileChange("Ada", "Engines", "en"));
        UserRules.Update(_state, new ProfileChange(null, "", null));
        Assert.Equal(("Ada", "", "en"), (_state.FullName, _state.Company, _state.Language));

        UserRules.Grant(_state, new UserGrant(Roles.Operator, ["u33d"], false));
        UserRules.Grant(_state, new UserGrant(null, null, true));
        Assert.Equal((Roles.User | Roles.Operator, "u33d", false), (_state.Roles, Assert.Single(_state.Areas), _state.Inactive));
    }

    [Fact]
    public void An_alert_that_has_closed_is_not_opened_again_by_a_late_message()
    {
        var alert = Guid.NewGuid();
        Assert.True(UserRules.Note(_state, alert, true));
        Assert.True(UserRules.Note(_state, alert, false));
        Assert.False(UserRules.Note(_state, alert, true));
        Assert.Empty(_state.OpenAlerts);
    }

    [Fact]
    public void The_close_may_come_before_the_opening()
    {
        var alert = Guid.NewGuid();
        Assert.True(UserRules.Note(_state, alert, false));
        Assert.False(UserRules.Note(_state, alert, true));
        Assert.Empty(_state.OpenAlerts);
    }

    [Fact]
    public void Messages_in_any_order_and_number_leave_open_what_has_not_closed_and_the_record_small()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var state = new UserState();
            var alerts = Enumerable.Range(0, 6).Select(_ => (Id: Guid.NewGuid(), Closes: random.Next(2) == 0)).ToArray();
            var messages = alerts.SelectMany(alert => Enumerable.Repeat((alert.Id, true), random.Next(1, 4)).Concat(alert.Closes ? Enumerable.Repeat((alert.Id, false), random.Next(1, 4)) : [])).ToArray();
            random.Shuffle(messages);
            foreach (var (id, open) in messages) UserRules.Note(state, id, open);
            var expected = alerts.Where(alert => !alert.Closes).Select(alert => alert.Id).Order();
            Assert.True(expected.SequenceEqual(state.OpenAlerts.Order()), $"seed {seed}, round {round}");
        }

        for (var i = 0; i < 1000; i++)
        {
            UserRules.Note(_state, Guid.NewGuid(), true);
            UserRules.Note(_state, Guid.NewGuid(), false);
        }

        Assert.Equal((UserRules.MostAlerts, UserRules.MostAlerts), (_state.OpenAlerts.Count, _state.ClosedAlerts.Count));
    }
}
