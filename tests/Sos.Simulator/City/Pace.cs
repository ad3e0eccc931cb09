namespace Sos.Simulator.City;

/// <summary>The one clock of a run: people react in real time, roads and calls go faster.</summary>
internal sealed class Pace(double speed)
{
    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>How much faster than life things go.</summary>
    public double Speed => speed;

    /// <summary>Waits for a time of the real world.</summary>
    public Task Pause(TimeSpan real, CancellationToken cancellationToken) =>
        real <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(real, Clock, cancellationToken);

    /// <summary>Waits for a time of the simulated world.</summary>
    public Task Wait(TimeSpan simulated, CancellationToken cancellationToken) => Pause(simulated / speed, cancellationToken);
}
