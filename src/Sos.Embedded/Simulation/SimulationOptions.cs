namespace Sos.Embedded.Simulation;

/// <summary>What a simulation does to the code that it runs. The same options and the same code give the same run, step by step.</summary>
public sealed class SimulationOptions
{
    /// <summary>Steers every choice. Default 1.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>The virtual time at which the simulation begins, UTC. Default 2026-01-01.</summary>
    public DateTimeOffset StartTime { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Share of calls (0 to 1) that take time to arrive; the others arrive at once, in any order. Default 0.25.</summary>
    public double DelayedCalls { get; set; } = 0.25;

    /// <summary>The longest time that such a call takes. Default 20 ms.</summary>
    public TimeSpan MaxCallDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Share of steps (0 to 1) that take time although there is work to do, as on a machine that is busy. Default 0.02.</summary>
    public double SlowSteps { get; set; } = 0.02;

    /// <summary>The longest time that such a step takes. Default 5 ms.</summary>
    public TimeSpan MaxStepTime { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How much virtual time a script may take before it counts as stuck. Default 1 day.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Gets a line for every step. Two runs that should be the same and are not differ first in the lines around the cause.</summary>
    public Action<string>? Trace { get; set; }
}
