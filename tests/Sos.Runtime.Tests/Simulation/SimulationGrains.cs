using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Runtime.Tests.Simulation;

public interface IAccountGrain : IGrainWithStringKey
{
    Task<int> Deposit(int amount);

    Task<int> Balance();

    Task Never();

    Task<int> Slow(TimeSpan time);

    Task StartTicking(TimeSpan period);

    Task LeaveTheWorld();

    Task<int> PassOn(string next, int hops);
}

/// <summary>An account that takes its time to add, with a disk of its own that survives it.</summary>
[GrainType("test.account")]
internal sealed class AccountGrain(SimulationLedger ledger, TimeProvider time) : Grain, IAccountGrain
{
    private int _balance;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _balance = ledger.Balances.GetValueOrDefault(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        ledger.Log.Add($"{this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public async Task<int> Deposit(int amount)
    {
        var balance = _balance;
        await Task.Delay(TimeSpan.FromMilliseconds(3), time);
        _balance = balance + amount;
        ledger.Balances[this.GetPrimaryKeyString()] = _balance;
        ledger.Log.Add($"{this.GetPrimaryKeyString()} {_balance}");
        return _balance;
    }

    public Task<int> Balance() => Task.FromResult(_balance);

    public Task Never() => new TaskCompletionSource().Task;

    public async Task<int> Slow(TimeSpan span)
    {
        await Task.Delay(span, time);
        return 1;
    }

    public Task StartTicking(TimeSpan period)
    {
        this.RegisterGrainTimer(
            () =>
            {
                ledger.Log.Add($"tick {time.GetUtcNow():T}");
                return Task.CompletedTask;
            },
            period, period);
        return Task.CompletedTask;
    }

    public async Task LeaveTheWorld()
    {
        await default(AnotherThread);
        ledger.Log.Add("came back");
    }

    public async Task<int> PassOn(string next, int hops)
    {
        ledger.Log.Add($"{this.GetPrimaryKeyString()} passes {hops}");
        return hops == 0 ? 0 : 1 + await GrainFactory.GetGrain<IAccountGrain>($"{next}{hops % 5}").PassOn(next, hops - 1);
    }
}

/// <summary>Continues where it was awaited, as a task does, but told so by another thread, which is done before the awaiting one goes on.</summary>
internal readonly struct AnotherThread : INotifyCompletion
{
    public bool IsCompleted => false;

    public AnotherThread GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation)
    {
        var scheduler = TaskScheduler.Current;
        var thread = new Thread(() => _ = Task.Factory.StartNew(continuation, CancellationToken.None, TaskCreationOptions.None, scheduler));
        thread.Start();
        thread.Join();
    }
}

/// <summary>The same account with a planted bug: its deposits interleave.</summary>
public interface IRacyGrain : IGrainWithStringKey
{
    Task Deposit(int amount);

    Task<int> Balance();
}

[GrainType("test.racy"), Reentrant]
internal sealed class RacyGrain(TimeProvider time) : Grain, IRacyGrain
{
    private int _balance;

    public async Task Deposit(int amount)
    {
        var balance = _balance;
        if (amount % 2 == 0) await Task.Delay(TimeSpan.FromMilliseconds(1), time);
        _balance = balance + amount;
    }

    public Task<int> Balance() => Task.FromResult(_balance);
}

/// <summary>What is outside the process: it survives a crash.</summary>
internal sealed class SimulationLedger
{
    public Dictionary<string, int> Balances { get; } = [];

    public List<string> Log { get; } = [];
}
