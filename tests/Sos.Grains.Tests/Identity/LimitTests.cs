using Sos.Contracts.Identity;
using Sos.Grains.Identity;
using Sos.TestKit;

namespace Sos.Grains.Tests.Identity;

/// <summary>Limiters, and the watch over all codes together.</summary>
public sealed class LimitTests
{
    private readonly IdentityOptions _options = new() { CodesAnHour = 200 };
    private readonly CodeWatchState _week = new();
    private DateTimeOffset _now = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task No_window_sees_more_than_the_most_however_many_ask_at_once()
    {
        await using var host = await SosTestHost.Start(new SosTestHostOptions { Time = new ManualTimeProvider(), Silo = silo => silo.AddSosGrains() });
        var limiter = host.Grains.GetGrain<ILimiterGrain>("test/1");
        var rule = new LimitRule(20, TimeSpan.FromHours(1));
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => limiter.Take(rule)));
        Assert.Equal(20, answers.Count(answer => answer.Taken));
        await host.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(TimeSpan.FromMinutes(1), (await limiter.Take(rule)).Wait);
        await limiter.Give();
        Assert.True((await limiter.Take(rule)).Taken);
        Assert.False((await limiter.Take(rule)).Taken);
        await host.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(19, (await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => limiter.Take(rule)))).Count(answer => answer.Taken));
        Assert.True((await host.Grains.GetGrain<ILimiterGrain>("test/2").Take(rule)).Taken);
    }

    [Fact]
    public void A_hundred_wrong_codes_in_a_minute_raise_the_alarm_once()
    {
        var watch = new CodeWatchRules(_week, _options);
        var raised = new List<CodeAlarm?>();
        for (var i = 0; i < 300; i++)
        {
            _now = _now.AddSeconds(0.5);
            raised.Add(watch.NoteCheck(false, _now).Raised);
        }

        Assert.Equal(99, raised.FindIndex(alarm => alarm == CodeAlarm.Guessing));
        Assert.Single(raised, alarm => alarm is not null);
        Assert.Equal(CodeAlarm.Guessing, watch.View(_now).Alarm);
        Assert.Null(watch.View(_now.AddMinutes(1)).Alarm);
    }

    [Fact]
    public void Wrong_codes_at_the_pace_of_people_raise_none()
    {
        var watch = new CodeWatchRules(_week, _options);
        for (var i = 0; i < 1000; i++)
        {
            _now = _now.AddSeconds(1);
            Assert.Null(watch.NoteCheck(false, _now).Raised);
        }
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(31, false)]
    public void Codes_that_are_hardly_used_raise_the_alarm(int usedOfHundred, bool alarmed)
    {
        var watch = new CodeWatchRules(_week, _options);
        for (var i = 0; i < usedOfHundred; i++) watch.NoteCheck(true, _now);
        var raised = Enumerable.Range(0, 100).Select(_ => watch.TakeSend(_now).Answer.Raised).ToList();
        Assert.Equal(alarmed, raised.Contains(CodeAlarm.Pumping));
    }

    [Fact]
    public void An_hour_sends_at_most_three_times_last_weeks_busiest()
    {
        var watch = new CodeWatchRules(_week, _options);
        Assert.Equal(200, Sent(watch, 1000));
        _now = _now.AddHours(1);
        Assert.Equal(600, Sent(watch, 1000));
        _now = _now.AddHours(1);
        Assert.Equal(1800, Sent(new CodeWatchRules(_week, _options), 5000));
        _now = _now.AddDays(8);
        Assert.Equal(200, Sent(watch, 5000));
    }

    private int Sent(CodeWatchRules watch, int asked)
    {
        for (var i = 0; i < asked; i++) watch.NoteCheck(true, _now);
        return Enumerable.Range(0, asked).Count(_ => watch.TakeSend(_now).Answer.Allowed);
    }
}
