using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Sos.Runtime.Tests.Claims.Lifecycle;

public interface ILivingGrain : IGrainWithStringKey
{
    Task<int> Activations();

    Task Deactivate();

    Task DeactivateAndWait(string gate);

    Task SlowToLeave();

    Task<string> Ping(string text);

    [AlwaysInterleave] Task Peek();
}

/// <summary>Fails to activate as often as its key says.</summary>
public interface IStubbornGrain : IGrainWithStringKey
{
    Task<string> Ping();
}

/// <summary>A grain without a class.</summary>
public interface INobodyGrain : IGrainWithStringKey
{
    Task Ping();
}

[GrainType("claims.living")]
internal sealed class LivingGrain(Stage stage) : Grain, ILivingGrain
{
    private bool _slowToLeave;

    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        stage.Note(Key, "activated");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        stage.Note(Key, $"deactivating: {reason.ReasonCode}{(cancellationToken.CanBeCanceled ? ", with a deadline" : "")}");
        if (_slowToLeave) await stage.Pass(Key + "leave");
        stage.Note(Key, "deactivated");
    }

    public Task<int> Activations() => Task.FromResult(stage.Count(Key, "activated"));

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task DeactivateAndWait(string gate)
    {
        DeactivateOnIdle();
        stage.Note(Key, "waiting");
        await stage.Pass(Key + gate);
        stage.Note(Key, "waited");
    }

    public Task SlowToLeave()
    {
        _slowToLeave = true;
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<string> Ping(string text)
    {
        stage.Note(Key, text);
        return Task.FromResult(text);
    }

    public Task Peek() => Task.CompletedTask;
}

[GrainType("claims.stubborn")]
internal sealed class StubbornGrain(Stage stage) : Grain, IStubbornGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        stage.Note(this.GetPrimaryKeyString(), "tried");
        return stage.Count(this.GetPrimaryKeyString(), "tried") == 1 ? throw new InvalidOperationException("not the first time") : Task.CompletedTask;
    }

    public Task<string> Ping() => Task.FromResult("pong");
}
