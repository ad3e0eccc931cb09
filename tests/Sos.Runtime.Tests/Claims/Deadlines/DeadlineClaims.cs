using Orleans;

namespace Sos.Runtime.Tests.Claims.Deadlines;

/// <summary>What a deadline and a cancelled token do to the caller and to the call. The host's clock stands still: the age of a call is real time.</summary>
public sealed class DeadlineClaims(ClaimsHost host)
{
    private readonly Stage _stage = host.Stage;

    [Fact]
    public async Task T11_A_call_that_runs_when_its_caller_gives_up_runs_to_its_end()
    {
        var (grain, key) = NewSlow();
        await Assert.ThrowsAsync<TimeoutException>(() => grain.WaitASecond("slow"));
        Assert.Equal(["slow begins"], _stage.Notes(key));
        _stage.Open(key);
        await _stage.Until(key, "slow ends");
    }

    [Fact]
    public async Task T11_A_call_that_still_waits_for_its_turn_when_its_caller_gives_up_never_runs()
    {
        var (grain, key) = NewSlow();
        var running = grain.Wait("running");
        await _stage.Until(key, "running begins");
        await Assert.ThrowsAsync<TimeoutException>(() => grain.WaitASecond("expired"));
        var later = grain.Wait("later");
        _stage.Open(key);
        await Task.WhenAll(running, later);
        Assert.Equal(["running begins", "running ends", "later begins", "later ends"], _stage.Notes(key));
    }

    [Fact]
    public async Task T12_A_cancelled_token_ends_the_wait_of_the_caller_and_the_call_goes_on()
    {
        var (grain, key) = NewSlow();
        using var cancellation = new CancellationTokenSource();
        var call = grain.WaitCancellable("command", cancellation.Token);
        await _stage.Until(key, "command begins");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Stage.Patience));
        Assert.Equal(["command begins"], _stage.Notes(key));
        _stage.Open(key);
        await _stage.Until(key, "command ends");
    }

    [Fact]
    public async Task T12_The_call_sees_that_its_token_was_cancelled()
    {
        var (grain, key) = NewSlow();
        using var cancellation = new CancellationTokenSource();
        var call = grain.HeedToken("call", cancellation.Token);
        await _stage.Until(key, "call begins");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _stage.Until(key, "call is cancelled");
    }

    [Fact]
    public async Task T12_A_token_that_was_cancelled_before_the_call_ends_it_at_once()
    {
        var (grain, key) = NewSlow();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.WaitCancellable("never", new CancellationToken(canceled: true)));
        await grain.Peek();
        Assert.Empty(_stage.Notes(key));
    }

    [Fact]
    public async Task T13_The_age_of_a_call_is_measured_in_real_time_and_not_by_the_clock_of_the_grains()
    {
        var (grain, key) = NewSlow();
        var before = host.Host.Time.GetUtcNow();
        await Assert.ThrowsAsync<TimeoutException>(() => grain.WaitASecond("slow"));
        Assert.Equal(before, host.Host.Time.GetUtcNow());
        _stage.Open(key);
    }

    private (ISlowGrain Grain, string Key) NewSlow()
    {
        var grain = host.NewGrain<ISlowGrain>();
        return (grain, grain.GetPrimaryKeyString());
    }
}
