namespace Sos.Server.MadeUp;

/// <summary>A step of what is played on the service. It runs in the service's own process, so nothing that goes wrong in it may end more than the step.</summary>
internal static partial class PlayedStep
{
    /// <summary>Takes a step; what goes wrong is logged, and the play goes on with the next one. Being stopped is nothing that goes wrong.</summary>
    public static async Task Try(ILogger logger, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            LogStepFailed(logger, trouble);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of what is played failed; it goes on.")]
    private static partial void LogStepFailed(ILogger logger, Exception trouble);
}
