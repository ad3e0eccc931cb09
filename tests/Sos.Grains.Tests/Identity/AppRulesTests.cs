using Sos.Contracts.Identity;
using Sos.Grains.Identity;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Identity;

public class AppRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid App = Guid.NewGuid();

    private readonly AppGrantsState _state = new();

    [Fact]
    public void An_app_runs_on_five_devices_of_a_person_and_the_oldest_makes_room()
    {
        var sessions = Enumerable.Range(0, AppRules.MostSessions + 1).Select(_ => Guid.NewGuid()).ToList();
        var ended = sessions.SelectMany(session => AppRules.Grant(_state, Grant(App, session, "alerts:read"))).ToList();
        Assert.Equal([sessions[0]], ended);
        Assert.Equal(sessions[1..], AppRules.Sessions(_state, App));
    }

    [Fact]
    public void No_person_has_more_than_fifty_sessions_of_apps_and_they_fit_into_a_record()
    {
        var ended = Enumerable.Range(0, AppRules.MostGrants + 3).Sum(_ => AppRules.Grant(_state, Grant(Guid.NewGuid(), Guid.NewGuid(), "alerts:read alerts:raise profile:read contacts:read contacts:write position:write")).Count);
        Assert.Equal((3, AppRules.MostGrants), (ended, _state.Grants.Count));
        _state.Own.AddRange(Enumerable.Range(0, AppRules.MostOwn).Select(_ => Guid.NewGuid()));
        var bytes = new SosStateSerializer().Serialize(_state);
        Assert.InRange(bytes.ToMemory().Length, 1, 32 * 1024);
        Assert.Equal(_state.Grants[^1].Scopes, new SosStateSerializer().Deserialize<AppGrantsState>(bytes).Grants[^1].Scopes);
    }

    [Fact]
    public void Shutting_one_app_out_leaves_the_others_and_shows_each_once()
    {
        AppRules.Grant(_state, Grant(App, Guid.NewGuid(), "alerts:read"));
        AppRules.Grant(_state, Grant(App, Guid.NewGuid(), "alerts:read profile:read"));
        var other = Grant(Guid.NewGuid(), Guid.NewGuid(), "profile:read");
        AppRules.Grant(_state, other);
        Assert.Equal(2, AppRules.Newest(_state).Count());
        Assert.Equal(["alerts:read", "profile:read"], AppRules.Newest(_state).First().Scopes);
        Assert.True(AppRules.Remove(_state, App));
        Assert.False(AppRules.Remove(_state, App));
        Assert.Equal([other], _state.Grants);
        Assert.True(AppRules.Remove(_state, null));
    }

    [Fact]
    public void A_token_that_another_brings_is_neither_good_nor_used_up()
    {
        var session = new SessionState { OpenedAt = Now, UsedAt = Now, App = new AppSession(App, ["alerts:read"]) };
        var options = new IdentityOptions();
        foreach (var other in new Guid?[] { null, Guid.NewGuid() })
            Assert.Equal(RefreshVerdict.Ended, SessionRules.Refresh(session, new RefreshCommand(0, null, other), Now, Now, options));
        Assert.Equal((0, null), (session.Generation, session.RevokedAt));
        Assert.Equal(RefreshVerdict.Rotated, SessionRules.Refresh(session, new RefreshCommand(0, null, App), Now, Now, options));
        Assert.Equal(RefreshVerdict.Ended, SessionRules.Refresh(new SessionState { OpenedAt = Now, UsedAt = Now }, new RefreshCommand(0, null, App), Now, Now, options));
    }

    private static AppGrant Grant(Guid app, Guid session, string scopes) => new(app, new string('ö', 60), [.. scopes.Split(' ')], session, Now);
}
