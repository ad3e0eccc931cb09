using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sos.Contracts.Responders;

namespace Sos.Grains.Geo;

/// <summary>
/// What is done with every report of one person, whichever way it came: steps in order, each kept apart from the others' failure. The lists are in the grains
/// of those who report: <c>UserGrain.Position</c> and <c>ResponderGrain.Position</c>.
/// </summary>
/// <param name="logger">Told of steps that fail.</param>
/// <param name="steps">In order.</param>
internal sealed partial class PositionPipeline(ILogger logger, params ImmutableArray<IPositionStep> steps)
{
    /// <summary>Sends a report through the steps.</summary>
    public async ValueTask<ReportOutcome> Run(PositionWork work)
    {
        foreach (var step in steps)
        {
            try
            {
                if (!await step.Take(work)) break;
            }
            catch (Exception trouble)
            {
                // A zone that cannot be asked must not keep a responder out of her cell.
                LogStepFailed(step.GetType().Name, trouble.GetType().Name);
            }
        }

        return work.Outcome;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of a position report failed: {Step} ({Exception}).")]
    private partial void LogStepFailed(string step, string exception);
}
