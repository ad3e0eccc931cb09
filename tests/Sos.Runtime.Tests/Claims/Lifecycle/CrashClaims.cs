using Microsoft.Extensions.DependencyInjection;
using Sos.Runtime.Tests.Claims.Reminders;
using Sos.Runtime.Tests.Claims.State;
using Sos.Runtime.Tests.Claims.Timers;

namespace Sos.Runtime.Tests.Claims.Lifecycle;

/// <summary>What is left of a silo that was killed, and of one that was stopped.</summary>
public sealed class CrashClaims
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Rule4_A_killed_silo_tells_no_grain_and_neither_its_timers_nor_its_reminders_tick()
    {
        await using var host = await ClockedHost.StartOwn();
        var stage = host.Services.GetRequiredService<Stage>();
        await host.Grains.GetGrain<ILivingGrain>("living").Ping("ping");
        await host.Grains.GetGrain<ITimedGrain>("timed").Start(Minute, Minute);
        await host.Grains.GetGrain<IRemindedGrain>("reminded").Register("r", Minute, Minute);
        await host.Crash();
        host.Time.Advance(10 * Minute);
        Assert.Equal(["activated", "ping"], stage.Notes("living"));
        Assert.Empty(stage.Notes("timed"));
        Assert.Empty(stage.Notes("reminded"));
    }

    [Fact]
    public async Task Rule4_What_was_written_before_a_crash_is_there_after_it_and_nothing_else()
    {
        await using var host = await ClockedHost.StartOwn();
        await host.Grains.GetGrain<ICounterGrain>("counter").SetAndWrite(5);
        await host.Grains.GetGrain<ICounterGrain>("counter").SetOnly(6);
        await host.Crash();
        await host.Start();
        Assert.Equal((5, "written", true, true), await host.Grains.GetGrain<ICounterGrain>("counter").Look());
    }

    [Fact]
    public async Task What_was_written_before_a_stop_is_there_after_it()
    {
        await using var host = await ClockedHost.StartOwn();
        await host.Grains.GetGrain<ICounterGrain>("counter").SetAndWrite(5);
        await host.Stop();
        await host.Start();
        Assert.Equal((5, "written", true, true), await host.Grains.GetGrain<ICounterGrain>("counter").Look());
    }
}
