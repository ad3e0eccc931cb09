using Orleans;

namespace Sos.Runtime.Tests.Claims.Turns;

/// <summary>One turn at a time, and what may run between turns.</summary>
public sealed class TurnClaims(ClaimsHost host)
{
    private readonly Stage _stage = host.Stage;

    [Fact]
    public async Task Rule4_Calls_to_one_grain_never_overlap()
    {
        var grain = host.NewGrain<IStepGrain>();
        var most = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => grain.Busy()));
        Assert.All(most, m => Assert.Equal(1, m));
    }

    [Fact]
    public async Task Rule4_A_call_that_waits_holds_back_the_next()
    {
        var (grain, key) = NewStep();
        var first = grain.Work("first");
        await _stage.Until(key, "first begins");
        var second = grain.Work("second");
        _stage.Open(key + "second");
        await grain.Peek("peek");
        Assert.Equal(["first begins", "peek"], _stage.Notes(key));
        _stage.Open(key + "first");
        await Task.WhenAll(first, second);
        Assert.Equal(["first begins", "peek", "first ends", "second begins", "second ends"], _stage.Notes(key));
    }

    [Fact]
    public async Task Rule4_A_call_that_comes_back_to_its_grain_waits_in_vain()
    {
        var grain = host.NewGrain<IStepGrain>();
        Assert.Equal("timed out", await grain.AskBack(host.NewGrain<IStepGrain>()));
    }

    [Fact]
    public async Task Rule4_A_grain_that_calls_itself_waits_in_vain()
        => Assert.Equal("timed out", await host.NewGrain<IStepGrain>().AskSelf());

    [Fact]
    public async Task Rule4_An_interleaving_call_runs_while_another_waits()
    {
        var (grain, key) = NewStep();
        var work = grain.Work("work");
        await _stage.Until(key, "work begins");
        await grain.Peek("peek");
        _stage.Open(key + "work");
        await work;
        Assert.Equal(["work begins", "peek", "work ends"], _stage.Notes(key));
    }

    [Fact]
    public async Task Rule4_Turns_of_interleaving_calls_never_run_on_two_threads()
    {
        var grain = host.NewGrain<IStepGrain>();
        var most = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => grain.BusyInterleaved()));
        Assert.All(most, m => Assert.Equal(1, m));
    }

    [Fact]
    public async Task Rule4_Read_only_calls_run_together()
    {
        var (grain, key) = NewStep();
        var reads = new[] { grain.Read("a"), grain.Read("b") };
        await _stage.Until(key, "a begins");
        await _stage.Until(key, "b begins");
        _stage.Open(key + "a");
        _stage.Open(key + "b");
        await Task.WhenAll(reads);
    }

    [Fact]
    public async Task Rule4_A_read_only_call_waits_for_a_writing_one_and_the_other_way_round()
    {
        var (grain, key) = NewStep();
        foreach (var gate in (string[])["read 1", "write 2", "read 3"]) _stage.Open(key + gate);
        var write = grain.Work("write");
        await _stage.Until(key, "write begins");
        var read = grain.Read("read 1");
        await grain.Peek("peek 1");
        _stage.Open(key + "write");
        await Task.WhenAll(write, read);
        var slow = grain.Read("slow read");
        await _stage.Until(key, "slow read begins");
        var write2 = grain.Work("write 2");
        await grain.Peek("peek 2");
        _stage.Open(key + "slow read");
        await Task.WhenAll(slow, write2);
        Assert.Equal(
            ["write begins", "peek 1", "write ends", "read 1 begins", "read 1 ends", "slow read begins", "peek 2", "slow read ends", "write 2 begins", "write 2 ends"],
            _stage.Notes(key));
    }

    [Fact]
    public async Task Rule4_Calls_to_a_reentrant_grain_interleave_but_their_turns_never_overlap()
    {
        var grain = host.NewGrain<IReentrantGrain>();
        var key = Key(grain);
        var first = grain.Work("first");
        await _stage.Until(key, "first begins");
        _stage.Open(key + "second");
        await grain.Work("second");
        _stage.Open(key + "first");
        await first;
        Assert.Equal(["first begins", "second begins", "second ends", "first ends"], _stage.Notes(key));
        var most = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => grain.Busy()));
        Assert.All(most, m => Assert.Equal(1, m));
    }

    [Fact]
    public async Task T02_Continuations_and_started_tasks_stay_on_the_scheduler_of_the_grain()
        => Assert.Equal(["grain", "grain", "grain", "grain", "pool", "grain"], await host.NewGrain<ISchedulerGrain>().Where());

    private static string Key(IGrainWithStringKey grain) => grain.GetPrimaryKeyString();

    private (IStepGrain Grain, string Key) NewStep()
    {
        var grain = host.NewGrain<IStepGrain>();
        return (grain, Key(grain));
    }
}
