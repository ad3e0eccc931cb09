using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.Reminders;

public interface IRemindedGrain : IGrainWithStringKey
{
    Task Register(string name, TimeSpan dueTime, TimeSpan period);

    Task<bool> Unregister(string name);

    Task<string[]> Names();

    Task FailAtTicks(bool fail);

    /// <summary>Ticks wait at a gate of the stage from now on; null: they do not.</summary>
    [AlwaysInterleave] Task WaitAtTicks(string? gate);

    Task Deactivate();

    [AlwaysInterleave] Task Peek();
}

[GrainType("claims.reminded")]
internal sealed class RemindedGrain(Stage stage, TimeProvider time) : Grain, IRemindedGrain, IRemindable
{
    private bool _fail;
    private string? _gate;

    private string Key => this.GetPrimaryKeyString();

    public Task Register(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task<bool> Unregister(string name)
    {
        if (await this.GetReminder(name) is not { } reminder) return false;
        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<string[]> Names() => [.. (await this.GetReminders()).Select(r => r.ReminderName).Order(StringComparer.Ordinal)];

    public Task FailAtTicks(bool fail)
    {
        _fail = fail;
        return Task.CompletedTask;
    }

    public Task WaitAtTicks(string? gate)
    {
        _gate = gate;
        return Task.CompletedTask;
    }

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Peek() => Task.CompletedTask;

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var now = time.GetUtcNow();
        // The short note last: tests wait for it and then read the long one.
        stage.Note(Key, $"{reminderName} at {now:HH:mm:ss}, first {status.FirstTickTime:HH:mm:ss}, period {status.Period:c}");
        stage.Note(Key, reminderName);
        if (_fail) throw new InvalidOperationException("a tick fails");
        if (_gate is not null) await stage.Pass(_gate);
    }
}
