namespace Sos.Embedded.Runtime.Activations;

/// <summary>The timers of an activation. They end with it.</summary>
internal sealed partial class Activation
{
    private HashSet<GrainTimer>? _timers;

    public void RemoveTimer(GrainTimer timer)
    {
        lock (_gate)
            _timers?.Remove(timer);
    }

    private void AddTimer(GrainTimer timer)
    {
        lock (_gate)
            (_timers ??= []).Add(timer);
    }

    private void DisposeTimers()
    {
        GrainTimer[] timers;
        lock (_gate)
            timers = _timers?.ToArray() ?? [];
        foreach (var timer in timers)
            timer.Dispose();
    }
}
