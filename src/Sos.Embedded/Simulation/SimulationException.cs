namespace Sos.Embedded.Simulation;

/// <summary>A simulation cannot go on: nothing is left that could finish the script, or something has left the simulated world.</summary>
/// <param name="message">What it waits for, or what came from outside.</param>
public sealed class SimulationException(string message) : Exception(message);
