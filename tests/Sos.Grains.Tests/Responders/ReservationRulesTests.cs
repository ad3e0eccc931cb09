using FsCheck;
using FsCheck.Fluent;
using Sos.Contracts.Responders;
using Sos.Grains.Responders;

namespace Sos.Grains.Tests.Responders;

public class ReservationRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly ResponderOptions Options = new();
    private static readonly Guid Alert = Guid.Parse("019a0000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("019a0000-0000-7000-8000-000000000002");

    [Fact]
    public void The_same_alert_and_version_is_answered_the_same_without_a_write()
    {
        var state = OnDuty();
        Assert.Equal((ReservationOutcome.Reserved, true), Reserve(state, Alert, 5));
        Assert.Equal((ReservationOutcome.Reserved, false), Reserve(state, Alert, 5));
        Assert.Single(state.Reservations);
    }

    [Fact]
    public void Capacity_is_the_limit_and_off_duty_there_is_none()
    {
        var state = OnDuty(capacity: 2);
        Assert.Equal(ReservationOutcome.Reserved, Reserve(state, Alert, 1).Outcome);
        Assert.Equal(ReservationOutcome.Reserved, Reserve(state, Other, 1).Outcome);
        Assert.Equal(ReservationOutcome.AtCapacity, Reserve(state, Guid.NewGuid(), 1).Outcome);
        ResponderRules.Change(state, new DutyChange(false, null, null));
        Assert.Equal(ReservationOutcome.OffDuty, Reserve(state, Guid.NewGuid(), 1).Outcome);
        Assert.Equal(ReservationOutcome.OffDuty, Reserve(new ResponderState { OnDuty = true }, Alert, 1).Outcome);
    }

    [Fact]
    public void An_older_version_is_superseded_before_and_after_release()
    {
        var state = OnDuty();
        Reserve(state, Alert, 5);
        Assert.Equal(ReservationOutcome.Superseded, Reserve(state, Alert, 4).Outcome);
        Assert.Equal((ReservationOutcome.Reserved, true), Reserve(state, Alert, 7));
        Assert.False(ReservationRules.Release(state, Alert, 6, ReleaseReason.StoodDown, Now, Options));
        Assert.True(ReservationRules.Release(state, Alert, 7, ReleaseReason.StoodDown, Now, Options));
        Assert.Equal(ReservationOutcome.Superseded, Reserve(state, Alert, 7).Outcome);
        Assert.False(ReservationRules.Confirm(state, Alert, 7));
        Assert.Equal(0, state.Engaged(Now));
        Assert.Equal(ReservationOutcome.Reserved, Reserve(state, Alert, 8).Outcome);
    }

    [Fact]
    public void Reserved_again_before_the_release_came_it_lapses_unless_that_is_confirmed_too()
    {
        foreach (var confirmed in new[] { false, true })
        {
            var state = OnDuty();
            Reserve(state, Alert, 5);
            ReservationRules.Confirm(state, Alert, 5);
            Reserve(state, Alert, 7);
            if (confirmed) Assert.True(ReservationRules.Confirm(state, Alert, 7));
            Assert.Equal(!confirmed, ReservationRules.Release(state, Alert, 5, ReleaseReason.StoodDown, Now, Options));
            Assert.False(ReservationRules.Release(state, Alert, 5, ReleaseReason.StoodDown, Now, Options));
            Assert.Equal(1, state.Engaged(Now));
            Assert.Equal(confirmed ? 1 : 0, state.Engaged(Now + Options.ReservationLapsesAfter));
        }
    }

    [Fact]
    public void Unconfirmed_it_lapses_after_ten_minutes_and_confirmed_never()
    {
        var state = OnDuty(capacity: 2);
        Reserve(state, Alert, 1);
        Reserve(state, Other, 1);
        Assert.True(ReservationRules.Confirm(state, Other, 1));
        Assert.False(ReservationRules.Confirm(state, Other, 1));
        Assert.Equal(2, state.Engaged(Now.AddMinutes(10).AddTicks(-1)));
        Assert.Equal(1, state.Engaged(Now.AddMinutes(10)));
        Assert.Equal(Now.AddMinutes(10), state.NextLapse(Now));
        Assert.Null(state.NextLapse(Now.AddMinutes(10)));
        Assert.Equal(1, state.Engaged(Now.AddDays(2)));
    }

    [Fact]
    public void A_confirmation_that_comes_after_the_lapse_counts_even_above_capacity()
    {
        var state = OnDuty();
        Reserve(state, Alert, 1);
        ReservationRules.TryReserve(state, Other, 1, Now.AddMinutes(11), Options);
        Assert.True(ReservationRules.Confirm(state, Alert, 2));
        Assert.Equal(2, state.Engaged(Now.AddMinutes(11)));
        Assert.Equal(0, state.Free(Now.AddMinutes(11)));
    }

    [Fact]
    public void A_newcomer_has_one_half_help_raises_it_and_refusal_and_silence_lower_it()
    {
        var state = OnDuty();
        Assert.Equal(0.5, state.Reliability(Options));
        Released(state, ReleaseReason.StoodDown);
        Assert.Equal(0.5, state.Reliability(Options));
        Released(state, ReleaseReason.Completed);
        var helped = state.Reliability(Options);
        Assert.InRange(helped, 0.55, 0.65);
        Released(state, ReleaseReason.Declined);
        var declined = state.Reliability(Options);
        Assert.InRange(declined, 0.4, helped - 0.01);
        Released(state, ReleaseReason.Silent);
        Assert.InRange(state.Reliability(Options), 0.3, declined - 0.01);
    }

    [Fact]
    public void The_same_end_is_counted_once_however_often_it_is_told()
    {
        var state = OnDuty();
        Assert.True(ReservationRules.Release(state, Alert, 0, ReleaseReason.Silent, Now, Options));
        Assert.False(ReservationRules.Release(state, Alert, 0, ReleaseReason.Silent, Now, Options));
        Assert.False(ReservationRules.Release(state, Alert, 0, ReleaseReason.Declined, Now, Options));
        Reserve(state, Alert, 3);
        Assert.True(ReservationRules.Release(state, Alert, 3, ReleaseReason.Completed, Now, Options));
        Assert.False(ReservationRules.Release(state, Alert, 3, ReleaseReason.Completed, Now, Options));
        Assert.Equal((1.0, 1.0), (state.Helped, state.Missed));
    }

    [Fact]
    public void Reliability_stays_between_0_and_1_and_a_new_life_shows_within_forty_requests()
    {
        var state = OnDuty();
        for (var i = 0; i < 5_000; i++) Released(state, ReleaseReason.Declined);
        Assert.InRange(state.Reliability(Options), 0.001, 0.1);
        Assert.InRange(state.Helped + state.Missed, 1, Options.ReliabilityMemory);
        for (var i = 0; i < 40; i++) Released(state, ReleaseReason.Completed);
        Assert.InRange(state.Reliability(Options), 0.5, 0.999);
    }

    /// <summary>Whatever alerts do in whatever order: unconfirmed reservations never exceed capacity, and one alert never holds two.</summary>
    [Fact]
    public void No_order_of_calls_gives_more_than_the_capacity() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var capacity = random.Next(1, 4);
            var state = OnDuty(capacity);
            var alerts = Enumerable.Range(0, 6).Select(i => new Guid(i, 0, 0, new byte[8])).ToArray();
            var now = Now;
            for (var step = 0; step < 200; step++)
            {
                now = now.AddSeconds(random.Next(200));
                var (alert, version) = (alerts[random.Next(6)], (long)random.Next(20));
                var before = state.Engaged(now);
                var known = state.Reservations.Any(r => r.AlertId == alert && !(r.Until <= now));
                switch (random.Next(4))
                {
                    case 0: ReservationRules.Confirm(state, alert, version); break;
                    case 1: ReservationRules.Release(state, alert, version, (ReleaseReason)random.Next(4), now, Options); break;
                    default:
                        var (outcome, _) = ReservationRules.TryReserve(state, alert, version, now, Options);
                        if (outcome == ReservationOutcome.Reserved && !known) Assert.True(before < capacity);
                        break;
                }

                Assert.Equal(state.Reservations.Count, state.Reservations.Select(r => r.AlertId).Distinct().Count());
                Assert.InRange(state.Ended.Count, 0, ReservationRules.MostEnded);
            }
        }));

    internal static ResponderState OnDuty(int capacity = 1) => new() { Known = true, Cleared = true, OnDuty = true, Capacity = capacity, DisplayName = "Ada" };

    private static void Released(ResponderState state, ReleaseReason reason) => ReservationRules.Release(state, Guid.NewGuid(), 1, reason, Now, Options);

    private static (ReservationOutcome Outcome, bool Changed) Reserve(ResponderState state, Guid alert, long version) =>
        ReservationRules.TryReserve(state, alert, version, Now, Options);
}
