using Orleans;
using Sos.Contracts.Alerts;

namespace Sos.Server.Sandbox;

/// <summary>Tells the crew of alerts that were raised, or that came up again after a restart. It reads nothing and holds nothing up.</summary>
internal sealed class PressWitness(SandboxCrew crew) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Grain is IAlertGrain alert && context.MethodName is nameof(IAlertGrain.Raise) or nameof(IAlertGrain.Ping)) crew.Note(alert.GetPrimaryKey());
    }
}
