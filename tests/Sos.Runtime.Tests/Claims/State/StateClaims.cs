using Orleans.Runtime;
using Orleans.Storage;

namespace Sos.Runtime.Tests.Claims.State;

/// <summary>Stored states: where they may be touched, what a write is, and what a failure does.</summary>
public sealed class StateClaims(ClaimsHost host)
{
    [Fact]
    public async Task T01_A_state_read_off_the_turn_of_its_grain_throws()
        => Assert.Equal("refused", await host.NewGrain<ICounterGrain>().ReadStateOnPool());

    [Fact]
    public async Task T01_A_state_written_off_the_turn_of_its_grain_throws()
        => Assert.Equal("refused", await host.NewGrain<ICounterGrain>().WriteOnPool());

    [Fact]
    public async Task T03_A_state_that_was_never_written_is_as_its_constructor_made_it_and_has_no_record()
        => Assert.Equal((0, "new", false, false), await host.NewGrain<ICounterGrain>().Look());

    [Fact]
    public async Task T03_A_state_class_without_parameterless_constructor_starts_uninitialised_but_not_null()
        => Assert.Equal((false, null, true, 0, false), await host.NewGrain<IConstructedGrain>().Look());

    [Fact]
    public async Task T04_A_write_never_completes_at_once()
        => Assert.False(await host.NewGrain<ICounterGrain>().WriteCompletesAtOnce());

    [Fact]
    public async Task T04_Writes_started_together_are_queued_and_the_last_value_is_stored()
    {
        var (versions, value) = await host.NewGrain<ICounterGrain>().WriteTwiceAtOnce();
        Assert.InRange(versions, 2, 3);
        Assert.Equal(2, value);
    }

    [Fact]
    public async Task T05_A_failure_of_the_storage_arrives_as_an_OrleansException_with_its_cause()
        => Assert.Equal("OrleansException caused by IOException", await host.NewGrain<IFailingGrain>().WriteAndTell());

    [Fact]
    public async Task T05_A_failure_of_the_storage_does_not_drop_the_activation()
    {
        var grain = host.NewGrain<IFailingGrain>();
        var before = await grain.Activation();
        await Assert.ThrowsAsync<OrleansException>(grain.Write);
        Assert.Equal(before, await grain.Activation());
    }

    [Fact]
    public async Task Rule4_A_write_with_an_old_version_fails_and_drops_the_activation()
    {
        var grain = host.NewGrain<IStaleGrain>();
        var before = await grain.Activation();
        await Assert.ThrowsAsync<InconsistentStateException>(grain.WriteStale);
        Assert.NotEqual(before, await grain.Activation());
        Assert.Equal(10, await grain.Value());
    }

    [Fact]
    public async Task Rule4_A_clear_with_an_old_version_fails()
        => Assert.True(await host.NewGrain<IStaleGrain>().ClearStaleAndCatch());

    [Fact]
    public async Task T05_An_inconsistent_state_that_the_grain_catches_drops_nothing()
    {
        var grain = host.NewGrain<IStaleGrain>();
        var before = await grain.Activation();
        Assert.True(await grain.WriteStaleAndCatch());
        Assert.Equal(before, await grain.Activation());
    }

    [Fact]
    public async Task T05_Another_exception_drops_nothing()
    {
        var grain = host.NewGrain<IStaleGrain>();
        var before = await grain.Activation();
        await Assert.ThrowsAsync<InvalidOperationException>(grain.FailOtherwise);
        Assert.Equal(before, await grain.Activation());
    }

    [Fact]
    public async Task A_written_state_is_there_for_the_next_activation()
    {
        var grain = host.NewGrain<ICounterGrain>();
        await grain.SetAndWrite(5);
        await grain.Deactivate();
        Assert.Equal((5, "written", true, true), await grain.Look());
    }

    [Fact]
    public async Task What_was_not_written_is_gone_with_the_activation()
    {
        var grain = host.NewGrain<ICounterGrain>();
        await grain.SetAndWrite(5);
        await grain.SetOnly(6);
        await grain.Deactivate();
        Assert.Equal(5, (await grain.Look()).Value);
    }

    [Fact]
    public async Task Reading_again_drops_what_was_not_written()
    {
        var grain = host.NewGrain<ICounterGrain>();
        await grain.SetAndWrite(5);
        await grain.SetOnly(6);
        await grain.Reread();
        Assert.Equal(5, (await grain.Look()).Value);
    }

    [Fact]
    public async Task A_cleared_state_is_new_again_and_can_be_written_again()
    {
        var grain = host.NewGrain<ICounterGrain>();
        await grain.SetAndWrite(5);
        await grain.Clear();
        Assert.Equal((0, "new", false), await LookWithoutEtag());
        await grain.Deactivate();
        Assert.Equal((0, "new", false), await LookWithoutEtag());
        await grain.SetAndWrite(6);
        Assert.Equal((6, "written", true, true), await grain.Look());

        async Task<(int, string, bool)> LookWithoutEtag()
        {
            var (value, name, exists, _) = await grain.Look();
            return (value, name, exists);
        }
    }
}
