using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.TestKit;

namespace Sos.Runtime.Tests.Claims.Reminders;

/// <summary>Reminders: stored due times that outlive activations and silos. The clock starts at 12:00:00.</summary>
public sealed class ReminderClaims
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task T14_A_reminder_ticks_when_it_is_due_and_then_every_period()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, stage) = Reminded(host);
        await grain.Register("r", TimeSpan.FromSeconds(30), Minute);
        await AdvanceUntilTick(host, TimeSpan.FromSeconds(30), 1);
        await AdvanceUntilTick(host, Minute, 2);
        Assert.Equal(["r at 12:00:30, first 12:00:30, period 00:01:00", "r at 12:01:30, first 12:00:30, period 00:01:00"], Ticks(stage));
    }

    [Fact]
    public async Task T14_A_period_under_a_minute_is_refused()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, _) = Reminded(host);
        await Assert.ThrowsAsync<ArgumentException>(() => grain.Register("r", TimeSpan.Zero, TimeSpan.FromSeconds(59)));
    }

    [Fact]
    public async Task T14_A_tick_wakes_a_grain_that_has_left()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, _) = Reminded(host);
        await grain.Register("r", Minute, Minute);
        await grain.Deactivate();
        await AdvanceUntilTick(host, Minute, 1);
    }

    [Fact]
    public async Task T14_A_tick_that_fails_comes_again_only_with_the_next_period()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, stage) = Reminded(host);
        await grain.FailAtTicks(true);
        await grain.Register("r", Minute, Minute);
        await AdvanceUntilTick(host, Minute, 1);
        await grain.FailAtTicks(false);
        await host.Time.ArmedFor(Minute).WaitAsync(Stage.Patience);
        host.Time.Advance(TimeSpan.FromSeconds(30));
        await AdvanceUntilTick(host, TimeSpan.FromSeconds(30), 2);
        Assert.Equal(["r at 12:01:00, first 12:01:00, period 00:01:00", "r at 12:02:00, first 12:01:00, period 00:01:00"], Ticks(stage));
    }

    [Fact]
    public async Task Ticks_that_come_due_while_one_is_handled_are_missed_and_the_next_one_comes()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, stage) = Reminded(host);
        await grain.WaitAtTicks("the first tick");
        await grain.Register("r", Minute, Minute);
        await AdvanceUntilTick(host, Minute, 1);
        // Less than a call's time limit: a tick that is given up is a failed one.
        host.Time.Advance(TimeSpan.FromSeconds(20));
        await grain.WaitAtTicks(null);
        stage.Open("the first tick");
        await AdvanceUntilTick(host, TimeSpan.FromSeconds(40), 2);
        Assert.Equal(["r at 12:01:00, first 12:01:00, period 00:01:00", "r at 12:02:00, first 12:01:00, period 00:01:00"], Ticks(stage));
    }

    [Fact]
    public async Task Registering_again_replaces_due_time_and_period()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, stage) = Reminded(host);
        await grain.Register("r", Minute, Minute);
        await grain.Register("r", 3 * Minute, 2 * Minute);
        Assert.Equal(["r"], await grain.Names());
        await AdvanceUntilTick(host, 3 * Minute, 1);
        Assert.Equal(["r at 12:03:00, first 12:03:00, period 00:02:00"], Ticks(stage));
    }

    [Fact]
    public async Task An_unregistered_reminder_ticks_no_more_and_is_gone_from_the_table()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, stage) = Reminded(host);
        await grain.Register("a", Minute, Minute);
        await grain.Register("r", Minute, Minute);
        Assert.Equal(["a", "r"], await grain.Names());
        Assert.True(await grain.Unregister("a"));
        Assert.False(await grain.Unregister("a"));
        await AdvanceUntilTick(host, Minute, 1);
        Assert.Equal(0, stage.Count("reminded", "a"));
        Assert.Equal(["r"], await grain.Names());
        Assert.Single((await host.Services.GetRequiredService<IReminderTable>().ReadRows(grain.GetGrainId())).Reminders);
    }

    [Fact]
    public async Task The_table_lists_the_reminders_of_all_grains()
    {
        await using var host = await ClockedHost.StartOwn();
        var names = Enumerable.Range(0, 20).Select(i => $"grain {i}").Order(StringComparer.Ordinal).ToArray();
        foreach (var name in names) await host.Grains.GetGrain<IRemindedGrain>(name).Register("r", Minute, Minute);
        var table = host.Services.GetRequiredService<IReminderTable>();
        var all = (await table.ReadRows(0, 0)).Reminders;
        Assert.Equal(names, all.Select(r => r.GrainId.Key.ToString()!).Order(StringComparer.Ordinal));
        var halves = (await table.ReadRows(0, uint.MaxValue / 2)).Reminders.Concat((await table.ReadRows(uint.MaxValue / 2, 0)).Reminders);
        Assert.Equal(names, halves.Select(r => r.GrainId.Key.ToString()!).Order(StringComparer.Ordinal));
        Assert.All(all, r => Assert.Equal((Minute, new DateTime(2026, 3, 1, 12, 1, 0, DateTimeKind.Utc)), (r.Period, r.StartAt)));
    }

    [Fact]
    public async Task Rule4_A_reminder_registered_before_a_crash_ticks_after_it()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, _) = Reminded(host);
        await grain.Register("r", Minute, Minute);
        await host.Crash();
        await host.Start();
        await AdvanceUntilTick(host, Minute, 1);
    }

    [Fact]
    public async Task T14_Ticks_missed_while_nothing_ran_are_skipped()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, _) = Reminded(host);
        await grain.Register("r", Minute, Minute);
        await host.Crash();
        host.Time.Advance(TimeSpan.FromSeconds(210));
        await host.Start();
        await AdvanceUntilTick(host, TimeSpan.FromSeconds(30), 1);
        Assert.Equal(["r at 12:04:00, first 12:01:00, period 00:01:00"], Ticks(host.Services.GetRequiredService<Stage>()));
    }

    [Fact]
    public async Task T10_A_reminder_tick_goes_through_the_call_filters()
    {
        await using var host = await ClockedHost.StartOwn();
        var (grain, _) = Reminded(host);
        await grain.Register("r", Minute, Minute);
        await AdvanceUntilTick(host, Minute, 1);
        Assert.Contains(host.Services.GetRequiredService<RecordingFilter>().At(grain.GetGrainId()), s => s.Interface == typeof(IRemindable).FullName && s.Method == nameof(IRemindable.ReceiveReminder));
    }

    private static (IRemindedGrain Grain, Stage Stage) Reminded(SosTestHost host) => (host.Grains.GetGrain<IRemindedGrain>("reminded"), host.Services.GetRequiredService<Stage>());

    private static string[] Ticks(Stage stage) => [.. stage.Notes("reminded").Where(n => n.StartsWith("r at", StringComparison.Ordinal))];

    // A silo arms a reminder's next tick on its own time, after the one before and after it has read the table.
    private static async Task AdvanceUntilTick(SosTestHost host, TimeSpan span, int ticks)
    {
        await host.Time.ArmedFor(span).WaitAsync(Stage.Patience);
        host.Time.Advance(span);
        await host.Services.GetRequiredService<Stage>().Until("reminded", "r", ticks);
    }
}
