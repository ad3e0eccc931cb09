using Orleans;

namespace Sos.Embedded.Runtime;

/// <summary>Ends activations that nobody uses, and forgets observers that are gone.</summary>
internal sealed class IdleCollector : IDisposable
{
    private readonly Silo _silo;
    private readonly ITimer _timer;

    public IdleCollector(Silo silo)
    {
        _silo = silo;
        var interval = silo.Options.CollectionInterval;
        _timer = silo.TimeProvider.CreateTimer(static state => ((IdleCollector)state!).Collect(), this, interval, interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Collect()
    {
        var now = _silo.TimeProvider.GetTimestamp();
        var age = _silo.Options.CollectionAge;
        var idle = _silo.Activations.All.Where(activation => activation.IsIdle(now, age)).OrderBy(activation => activation.GrainId);
        foreach (var activation in idle)
            activation.Deactivate(new(DeactivationReasonCode.ActivationIdle, $"It was idle for {age}."));
        _silo.Observers.RemoveCollected();
    }
}
