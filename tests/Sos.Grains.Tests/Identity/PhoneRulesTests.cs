using System.Collections.Immutable;
using Sos.Contracts.Identity;
using Sos.Grains.Identity;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Identity;

public sealed class PhoneRulesTests
{
    private static readonly ImmutableArray<byte> Right = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly ImmutableArray<byte> Newer = [.. Enumerable.Repeat((byte)3, 32)];
    private static readonly ImmutableArray<byte> Wrong = [.. Enumerable.Repeat((byte)2, 32)];

    private readonly PhoneState _state = new();
    private readonly IdentityOptions _options = new();
    private readonly Guid _session = new("01890000-0000-7000-8000-000000000001");
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void The_right_code_is_good_once()
    {
        Start(_session);
        Assert.Equal(CodeVerdict.Good, Check(_session, Right));
        Assert.Equal(CodeVerdict.Unknown, Check(_session, Right));
    }

    [Fact]
    public void After_five_wrong_codes_the_right_one_is_worth_nothing()
    {
        Start(_session);
        for (var i = 0; i < 5; i++) Assert.Equal(CodeVerdict.Wrong, Check(_session, Wrong));
        Assert.Equal(CodeVerdict.Unknown, Check(_session, Right));
    }

    [Fact]
    public void After_four_wrong_codes_the_right_one_is_still_good()
    {
        Start(_session);
        for (var i = 0; i < 4; i++) Check(_session, Wrong);
        Assert.Equal(CodeVerdict.Good, Check(_session, Right));
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(300, false)]
    public void A_code_is_good_for_five_minutes(int seconds, bool good)
    {
        Start(_session);
        _now = _now.AddSeconds(seconds);
        Assert.Equal(good ? CodeVerdict.Good : CodeVerdict.Unknown, Check(_session, Right));
    }

    [Fact]
    public void A_code_is_worthless_in_another_session_and_costs_the_owner_no_try()
    {
        Start(_session);
        for (var i = 0; i < 10; i++) Assert.Equal(CodeVerdict.Unknown, Check(Guid.NewGuid(), Right));
        Assert.Equal(CodeVerdict.Good, Check(_session, Right));
    }

    [Fact]
    public void Another_code_may_be_asked_for_after_60_seconds_and_kills_the_first()
    {
        Start(_session);
        _now = _now.AddSeconds(59);
        var early = Start(Guid.NewGuid());
        Assert.False(early.Started);
        Assert.Equal(_now.AddSeconds(1), early.ResendAt);

        _now = _now.AddSeconds(1);
        Assert.True(PhoneRules.Start(_state, new StartCode(_session, Newer, false), _now, _options).Started);
        Assert.Equal(CodeVerdict.Wrong, Check(_session, Right));
        Assert.Equal(CodeVerdict.Good, Check(_session, Newer));
    }

    [Fact]
    public void Somebody_else_who_asks_for_a_code_does_not_kill_hers()
    {
        Start(_session);
        _now = _now.AddSeconds(60);
        var stranger = Guid.NewGuid();
        Assert.True(PhoneRules.Start(_state, new StartCode(stranger, Newer, false), _now, _options).Started);
        Assert.Equal(CodeVerdict.Wrong, Check(stranger, Right));
        Assert.Equal(CodeVerdict.Good, Check(_session, Right));
        Assert.Equal(CodeVerdict.Unknown, Check(stranger, Newer));
    }

    [Fact]
    public void No_24_hours_see_more_than_five_codes_and_25_tries_in_a_million_guesses()
    {
        var (sends, tries) = (new List<DateTimeOffset>(), new List<DateTimeOffset>());
        var session = Guid.NewGuid();
        for (var guess = 0; guess < 1_000_000; guess++)
        {
            _now = _now.AddSeconds(0.9);
            if (guess % 3 == 0)
            {
                session = Guid.NewGuid();
                if (Start(session).Started) sends.Add(_now);
            }

            if (Check(session, Wrong) == CodeVerdict.Wrong) tries.Add(_now);
            // Somebody vouches for the account whenever it closes itself: the day's limits hold all the same.
            if (_state.Failures == _options.MostFailures) _state.Failures = 0;
        }

        Assert.InRange(MostInADay(sends), 1, 5);
        Assert.InRange(MostInADay(tries), 1, 25);
    }

    [Fact]
    public void After_a_hundred_wrong_codes_in_a_row_no_code_is_sent_until_somebody_vouches()
    {
        var wrong = 0;
        for (var day = 0; day < 100; day++)
        {
            _now = _now.AddDays(2);
            Start(_session);
            for (var i = 0; i < 10; i++) wrong += Check(_session, Wrong) == CodeVerdict.Wrong ? 1 : 0;
        }

        Assert.Equal(100, wrong);
        Assert.False(Start(_session).Started);
        _state.Failures = 0;
        Assert.True(Start(_session).Started);
        Assert.Equal(CodeVerdict.Good, Check(_session, Right));
    }

    [Fact]
    public void A_record_from_when_an_address_had_one_code_is_read()
    {
        var json = """{"userId":"01890000-0000-7000-8000-00000000000a","sessionId":"01890000-0000-7000-8000-000000000001","codeHash":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=","sentAt":"2026-01-02T03:04:00+00:00","tries":4}""";
        var old = new SosStateSerializer().Deserialize<PhoneState>(BinaryData.FromString(json));
        Assert.False(PhoneRules.Start(old, new StartCode(Guid.NewGuid(), Right, false), _now, _options).Started);
        Assert.Equal(CodeVerdict.Wrong, PhoneRules.Check(old, new CheckCode(_session, Wrong), _now, _options));
        Assert.Equal(CodeVerdict.Unknown, PhoneRules.Check(old, new CheckCode(_session, Right), _now, _options));
    }

    [Fact]
    public void Using_a_code_up_does_not_shorten_the_time_to_the_next()
    {
        Start(_session);
        Check(_session, Right);
        Assert.False(Start(Guid.NewGuid()).Started);
    }

    [Fact]
    public void A_clock_that_was_set_back_locks_nobody_out()
    {
        Start(_session);
        _now = _now.AddDays(-1);
        Assert.True(Start(Guid.NewGuid()).Started);
    }

    [Fact]
    public void Test_numbers_wait_for_nothing()
    {
        for (var i = 0; i < 3; i++) Assert.True(PhoneRules.Start(_state, new StartCode(Guid.NewGuid(), Right, true), _now, _options).Started);
    }

    [Fact]
    public void The_right_code_is_found_among_any_codes_exactly_while_tries_are_left()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var state = new PhoneState();
            PhoneRules.Start(state, new StartCode(_session, Right, false), _now, _options);
            var wrongBefore = random.Next(0, 8);
            for (var i = 0; i < wrongBefore; i++) PhoneRules.Check(state, new CheckCode(_session, Wrong), _now, _options);
            var good = PhoneRules.Check(state, new CheckCode(_session, Right), _now, _options) == CodeVerdict.Good;
            Assert.True(good == wrongBefore < _options.CodeTries, $"seed {seed}, round {round}: {wrongBefore} wrong codes, then {good}");
        }
    }

    private static int MostInADay(List<DateTimeOffset> times)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] >= TimeSpan.FromDays(1)) first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    private CodeStarted Start(Guid session) => PhoneRules.Start(_state, new StartCode(session, Right, false), _now, _options);

    private CodeVerdict Check(Guid session, ImmutableArray<byte> hash) => PhoneRules.Check(_state, new CheckCode(session, hash), _now, _options);
}
