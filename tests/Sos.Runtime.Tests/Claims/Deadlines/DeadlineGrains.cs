using Orleans;
using Orleans.Concurrency;

namespace Sos.Runtime.Tests.Claims.Deadlines;

public interface ISlowGrain : IGrainWithStringKey
{
    /// <summary>Waits at the gate of the grain, with time enough.</summary>
    Task Wait(string name);

    /// <summary>As <see cref="Wait"/>; its caller gives up after a second.</summary>
    [ResponseTimeout("00:00:01")] Task WaitASecond(string name);

    /// <summary>Waits at the gate and does not heed the token.</summary>
    Task WaitCancellable(string name, CancellationToken cancellation);

    /// <summary>Waits until the token is cancelled, and notes it.</summary>
    [AlwaysInterleave] Task HeedToken(string name, CancellationToken cancellation);

    [AlwaysInterleave] Task Peek();
}

[GrainType("claims.slow")]
internal sealed class SlowGrain(Stage stage) : Grain, ISlowGrain
{
    private string Key => this.GetPrimaryKeyString();

    public async Task Wait(string name)
    {
        stage.Note(Key, name + " begins");
        await stage.Pass(Key);
        stage.Note(Key, name + " ends");
    }

    public Task WaitASecond(string name) => Wait(name);

    public Task WaitCancellable(string name, CancellationToken cancellation) => Wait(name);

    public async Task HeedToken(string name, CancellationToken cancellation)
    {
        stage.Note(Key, name + " begins");
        var cancelled = new TaskCompletionSource();
        await using var registration = cancellation.Register(cancelled.SetResult);
        await cancelled.Task;
        stage.Note(Key, name + " is cancelled");
    }

    public Task Peek() => Task.CompletedTask;
}
