using Sos.Contracts.Identity;
using Sos.Grains.Identity;

namespace Sos.Grains.Tests.Identity;

public sealed class SessionRulesTests
{
    private readonly SessionState _state;
    private readonly IdentityOptions _options = new();
    private DateTimeOffset _startedAt = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public SessionRulesTests() => _state = new SessionState { UserId = Guid.NewGuid(), OpenedAt = _now, UsedAt = _now };

    [Fact]
    public void The_newest_refresh_token_is_exchanged_for_the_next()
    {
        Assert.Equal(RefreshVerdict.Rotated, Refresh(0));
        Assert.Equal(RefreshVerdict.Rotated, Refresh(1));
        Assert.Equal(2, _state.Generation);
    }

    [Fact]
    public void A_repeat_within_30_seconds_gets_the_same_successor()
    {
        Refresh(0);
        _now = _now.AddSeconds(29);
        Assert.Equal(RefreshVerdict.Repeated, Refresh(0));
        Assert.Equal(1, _state.Generation);
        Assert.Equal(RefreshVerdict.Rotated, Refresh(1));
    }

    [Fact]
    public void Reuse_after_30_seconds_ends_the_session_for_the_thief_and_for_the_owner()
    {
        Refresh(0);
        _now = _now.AddSeconds(30);
        Assert.Equal(RefreshVerdict.Reused, Refresh(0));
        Assert.Equal(RefreshVerdict.Ended, Refresh(1));
        Assert.False(SessionRules.IsOpen(_state, _now, _options));
    }

    [Fact]
    public void A_service_that_was_away_gives_the_grace_again_from_its_start_and_then_no_more()
    {
        Refresh(0);
        _startedAt = _now.AddMinutes(20);
        _now = _startedAt.AddSeconds(29);
        Assert.Equal(RefreshVerdict.Repeated, Refresh(0));
        _now = _now.AddSeconds(1);
        Assert.Equal(RefreshVerdict.Reused, Refresh(0));
    }

    [Fact]
    public void Another_device_has_no_grace()
    {
        Refresh(0, "phone");
        Assert.Equal(RefreshVerdict.Reused, Refresh(0, "laptop"));
    }

    [Fact]
    public void A_token_two_generations_old_has_no_grace()
    {
        Refresh(0);
        Refresh(1);
        Assert.Equal(RefreshVerdict.Reused, Refresh(0));
    }

    [Fact]
    public void A_token_from_the_future_of_a_restored_backup_is_worthless_but_no_theft()
    {
        Assert.Equal(RefreshVerdict.Ended, Refresh(5));
        Assert.Equal(RefreshVerdict.Rotated, Refresh(0));
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public void A_session_that_is_not_used_ends_after_30_days(int days, bool open)
    {
        _now = _now.AddDays(days);
        Assert.Equal(open ? RefreshVerdict.Rotated : RefreshVerdict.Ended, Refresh(0));
    }

    [Fact]
    public void No_session_lives_longer_than_180_days()
    {
        var generation = 0;
        var end = _now.AddDays(180);
        while (_now.AddDays(20) < end)
        {
            _now = _now.AddDays(20);
            Assert.Equal(RefreshVerdict.Rotated, Refresh(generation++));
        }

        _now = end;
        Assert.Equal(RefreshVerdict.Ended, Refresh(generation));
    }

    /// <summary>S-03: whatever a phone, a thief, lost answers and restarts do, in any order.</summary>
    [Fact]
    public void There_are_never_two_live_successors_and_an_ended_family_stays_ended()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var family = 0; family < 2000; family++)
        {
            var state = new SessionState { UserId = Guid.NewGuid(), OpenedAt = _now, UsedAt = _now };
            var (now, started, rotated, ended) = (_now, _now, new HashSet<int>(), false);
            for (var step = 0; step < 30; step++)
            {
                now += TimeSpan.FromSeconds(random.Next(45));
                if (random.Next(10) == 0) started = now;
                var (generation, before) = (random.Next(state.Generation + 2), state.Generation);
                var verdict = SessionRules.Refresh(state, new RefreshCommand(generation, random.Next(4) == 0 ? "laptop" : "phone"), now, started, _options);
                var what = $"seed {seed}, family {family}, step {step}: {verdict} for {generation} of {before}";
                Assert.True(!ended || verdict == RefreshVerdict.Ended, what);
                Assert.True(verdict != RefreshVerdict.Rotated || generation == before && rotated.Add(generation), what);
                // What is given out is always the newest, and nobody else's.
                Assert.True(verdict != RefreshVerdict.Repeated || generation == before - 1 && state.Generation == before, what);
                Assert.Equal(verdict == RefreshVerdict.Rotated ? before + 1 : before, state.Generation);
                ended |= verdict == RefreshVerdict.Reused;
                Assert.Equal(ended, state.RevokedAt is not null);
            }
        }
    }

    private RefreshVerdict Refresh(int generation, string? device = null) => SessionRules.Refresh(_state, new RefreshCommand(generation, device), _now, _startedAt, _options);
}
