using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.Timers;

public interface ITimedGrain : IGrainWithStringKey
{
    /// <summary>Starts a timer whose every tick notes its begin, waits at the gate "{key}tick" and notes its end.</summary>
    Task Start(TimeSpan dueTime, TimeSpan period, bool interleave = false);

    Task StartFailing(TimeSpan period);

    Task StartStale(TimeSpan period);

    Task Change(TimeSpan dueTime, TimeSpan period);

    /// <summary>Ends the timer. Interleaves, so that a tick may be running.</summary>
    [AlwaysInterleave] Task End();

    Task Work(string gate);

    [AlwaysInterleave] Task Peek();

    [AlwaysInterleave] Task Deactivate();

    Task<Guid> Activation();
}

[GrainType("claims.timed")]
internal sealed class TimedGrain(Stage stage, [PersistentState("shared", "sos")] IPersistentState<State.Counter> state, [PersistentState("shared", "sos")] IPersistentState<State.Counter> other)
    : Grain, ITimedGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private IGrainTimer? _timer;

    private string Key => this.GetPrimaryKeyString();

    public Task Start(TimeSpan dueTime, TimeSpan period, bool interleave = false)
    {
        RequestContext.Set("who", "starter");
        _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(dueTime, period) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartFailing(TimeSpan period)
    {
        this.RegisterGrainTimer(
            () =>
            {
                stage.Note(Key, "failing");
                throw new InvalidOperationException("a tick fails");
            },
            period,
            period);
        return Task.CompletedTask;
    }

    public Task StartStale(TimeSpan period)
    {
        this.RegisterGrainTimer(
            async () =>
            {
                stage.Note(Key, "stale");
                await other.WriteStateAsync();
                await state.WriteStateAsync();
            },
            period,
            period);
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan dueTime, TimeSpan period)
    {
        _timer?.Change(dueTime, period);
        return Task.CompletedTask;
    }

    public Task End()
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public async Task Work(string gate)
    {
        stage.Note(Key, gate + " begins");
        await stage.Pass(Key + gate);
        stage.Note(Key, gate + " ends");
    }

    public Task Peek() => Task.CompletedTask;

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        stage.Note(Key, "deactivated");
        return Task.CompletedTask;
    }

    private async Task Tick(CancellationToken cancellation)
    {
        stage.Note(Key, "tick begins");
        if (RequestContext.Get("who") is { } who) stage.Note(Key, $"context of {who}");
        using var registration = cancellation.Register(() => stage.Note(Key, "cancelled"));
        await stage.Pass(Key + "tick");
        stage.Note(Key, "tick ends");
    }
}
