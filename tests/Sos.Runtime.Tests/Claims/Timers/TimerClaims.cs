using Orleans;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.Timers;

/// <summary>Timers of grains.</summary>
public sealed class TimerClaims(ClockedHost host) : IClassFixture<ClockedHost>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Stage _stage = host.Stage;

    [Fact]
    public async Task T09_A_timer_ticks_when_it_is_due_and_then_every_period()
    {
        var (grain, key) = NewTimed();
        _stage.Open(key + "tick");
        await grain.Start(dueTime: 3 * Second, period: 5 * Second);
        host.Time.Advance(2 * Second);
        await grain.Peek();
        Assert.Empty(_stage.Notes(key));
        host.Time.Advance(Second);
        await _stage.Until(key, "tick ends");
        await Armed(grain, 5 * Second);
        host.Time.Advance(5 * Second);
        await _stage.Until(key, "tick ends", 2);
        Assert.Equal(["tick begins", "tick ends", "tick begins", "tick ends"], _stage.Notes(key));
        await grain.End();
    }

    [Fact]
    public async Task T09_A_tick_waits_for_the_call_that_runs()
    {
        var (grain, key) = NewTimed();
        await grain.Start(Second, Timeout.InfiniteTimeSpan);
        var work = grain.Work("work");
        await _stage.Until(key, "work begins");
        host.Time.Advance(Second);
        await grain.Peek();
        _stage.Open(key + "work");
        await work;
        await _stage.Until(key, "tick begins");
        Assert.Equal(["work begins", "work ends", "tick begins"], _stage.Notes(key));
        _stage.Open(key + "tick");
    }

    [Fact]
    public async Task T09_A_call_waits_for_the_tick_that_runs()
    {
        var (grain, key) = NewTimed();
        await grain.Start(Second, Timeout.InfiniteTimeSpan);
        _stage.Open(key + "work");
        host.Time.Advance(Second);
        await _stage.Until(key, "tick begins");
        var work = grain.Work("work");
        await grain.Peek();
        _stage.Open(key + "tick");
        await work;
        Assert.Equal(["tick begins", "tick ends", "work begins", "work ends"], _stage.Notes(key));
    }

    [Fact]
    public async Task T09_An_interleaving_timer_ticks_while_a_call_waits()
    {
        var (grain, key) = NewTimed();
        await grain.Start(Second, Timeout.InfiniteTimeSpan, interleave: true);
        _stage.Open(key + "tick");
        var work = grain.Work("work");
        await _stage.Until(key, "work begins");
        host.Time.Advance(Second);
        await _stage.Until(key, "tick ends");
        _stage.Open(key + "work");
        await work;
        Assert.Equal(["work begins", "tick begins", "tick ends", "work ends"], _stage.Notes(key));
    }

    [Fact]
    public async Task T09_The_period_runs_from_the_end_of_a_tick_so_ticks_never_overlap()
    {
        var (grain, key) = NewTimed();
        await grain.Start(Second, 5 * Second);
        host.Time.Advance(Second);
        await _stage.Until(key, "tick begins");
        host.Time.Advance(30 * Second);
        await grain.Peek();
        Assert.Equal(1, _stage.Count(key, "tick begins"));
        _stage.Open(key + "tick");
        await Armed(grain, 5 * Second);
        host.Time.Advance(4 * Second);
        await grain.Peek();
        Assert.Equal(1, _stage.Count(key, "tick begins"));
        host.Time.Advance(Second);
        await _stage.Until(key, "tick ends", 2);
        await grain.End();
    }

    [Fact]
    public async Task T09_Ending_a_timer_cancels_the_token_of_its_running_tick_and_it_ticks_no_more()
    {
        var (grain, key) = NewTimed();
        await grain.Start(Second, Second);
        host.Time.Advance(Second);
        await _stage.Until(key, "tick begins");
        await grain.End();
        await _stage.Until(key, "cancelled");
        _stage.Open(key + "tick");
        await _stage.Until(key, "tick ends");
        host.Time.Advance(10 * Second);
        await grain.Peek();
        Assert.Equal(1, _stage.Count(key, "tick begins"));
    }

    [Fact]
    public async Task T09_A_tick_has_no_request_context()
    {
        var (grain, key) = NewTimed();
        _stage.Open(key + "tick");
        RequestContext.Set("who", "caller");
        await grain.Start(Second, Timeout.InfiniteTimeSpan);
        RequestContext.Clear();
        host.Time.Advance(Second);
        await _stage.Until(key, "tick ends");
        Assert.Equal(["tick begins", "tick ends"], _stage.Notes(key));
    }

    [Fact]
    public async Task T09_A_changed_timer_is_due_anew()
    {
        var (grain, key) = NewTimed();
        _stage.Open(key + "tick");
        await grain.Start(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await grain.Change(2 * Second, Timeout.InfiniteTimeSpan);
        host.Time.Advance(Second);
        await grain.Peek();
        Assert.Empty(_stage.Notes(key));
        host.Time.Advance(Second);
        await _stage.Until(key, "tick ends");
    }

    [Fact]
    public async Task T09_A_tick_that_fails_does_not_end_the_timer()
    {
        var (grain, key) = NewTimed();
        await grain.StartFailing(Second);
        var activation = await grain.Activation();
        host.Time.Advance(Second);
        await _stage.Until(key, "failing");
        await Armed(grain, Second);
        host.Time.Advance(Second);
        await _stage.Until(key, "failing", 2);
        Assert.Equal(activation, await grain.Activation());
        await grain.Deactivate();
        await _stage.Until(key, "deactivated");
    }

    [Fact]
    public async Task T05_An_inconsistent_state_that_escapes_a_tick_drops_the_activation()
    {
        var (grain, key) = NewTimed();
        var activation = await grain.Activation();
        await grain.StartStale(Second);
        host.Time.Advance(Second);
        await _stage.Until(key, "deactivated");
        Assert.NotEqual(activation, await grain.Activation());
    }

    [Fact]
    public async Task T09_The_timers_of_a_deactivated_grain_tick_no_more()
    {
        var (grain, key) = NewTimed();
        _stage.Open(key + "tick");
        await grain.Start(Second, Second);
        await grain.Deactivate();
        await _stage.Until(key, "deactivated");
        host.Time.Advance(10 * Second);
        await grain.Peek();
        Assert.Equal(["deactivated"], _stage.Notes(key));
    }

    [Fact]
    public async Task T10_A_tick_goes_through_the_call_filters()
    {
        var (grain, key) = NewTimed();
        _stage.Open(key + "tick");
        await grain.Start(Second, Timeout.InfiniteTimeSpan);
        host.Time.Advance(Second);
        await _stage.Until(key, "tick ends");
        var seen = host.Filter.At(grain.GetGrainId());
        Assert.Contains(seen, s => s.Interface.EndsWith("IGrainTimerInvoker", StringComparison.Ordinal) && s.Method == "InvokeCallbackAsync");
    }

    // A timer is armed again when its tick has ended; the call waits for that end.
    private async Task Armed(ITimedGrain grain, TimeSpan period)
    {
        await grain.Activation();
        await host.Time.Armed(period).WaitAsync(Stage.Patience);
    }

    private (ITimedGrain Grain, string Key) NewTimed()
    {
        var grain = host.Host.Grains.GetGrain<ITimedGrain>(ClaimsHost.NewKey("timed"));
        return (grain, grain.GetPrimaryKeyString());
    }
}
