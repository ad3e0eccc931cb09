using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Sos.Runtime.Tests.Simulated;

/// <summary>Notes what the simulated grains did; lives outside their process.</summary>
public sealed class Diary
{
    public List<string> Lines { get; } = [];
}

public interface ILedgerGrain : IGrainWithStringKey
{
    Task Add(int entry);

    Task<int[]> Entries();
}

[GenerateSerializer, Alias("test.ledger.state")]
public sealed class Ledger
{
    [Id(0)]
    public List<int> Entries { get; set; } = [];
}

/// <summary>Follows the rule of the product: one write a command, answer after it, drop the activation after a failed write.</summary>
[GrainType("test.ledger")]
internal sealed class LedgerGrain([PersistentState("ledger", "sos")] IPersistentState<Ledger> ledger) : Grain, ILedgerGrain
{
    public async Task Add(int entry)
    {
        if (ledger.State.Entries.Contains(entry)) return;
        ledger.State.Entries.Add(entry);
        try
        {
            await ledger.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    public Task<int[]> Entries() => Task.FromResult(ledger.State.Entries.ToArray());
}

public interface IAlarmGrain : IGrainWithStringKey
{
    Task Set(TimeSpan due);

    Task Unset();
}

[GrainType("test.alarm")]
internal sealed class AlarmGrain(Diary diary, TimeProvider time) : Grain, IAlarmGrain, IRemindable
{
    public Task Set(TimeSpan due) => this.RegisterOrUpdateReminder("ring", due, TimeSpan.FromMinutes(1));

    public async Task Unset()
    {
        if (await this.GetReminder("ring") is { } reminder) await this.UnregisterReminder(reminder);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        diary.Lines.Add($"{this.GetPrimaryKeyString()} {time.GetUtcNow():HH:mm:ss.fff}");
        return Task.CompletedTask;
    }
}

public interface IListenerGrain : IGrainWithStringKey;

/// <summary>Fails at every delivery of "poison".</summary>
[ImplicitStreamSubscription("test-simulated")]
[GrainType("test.listener")]
internal sealed class ListenerGrain(Diary diary, TimeProvider time) : Grain, IListenerGrain, IStreamSubscriptionObserver, IAsyncObserver<string>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<string>().ResumeAsync(this);

    public Task OnNextAsync(string item, StreamSequenceToken? token = null)
    {
        diary.Lines.Add($"{this.GetPrimaryKeyString()} {item} {time.GetUtcNow():HH:mm:ss}");
        return item == "poison" ? throw new InvalidOperationException("poison") : Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        diary.Lines.Add($"{this.GetPrimaryKeyString()} told of a loss {time.GetUtcNow():HH:mm:ss}");
        return Task.CompletedTask;
    }
}
