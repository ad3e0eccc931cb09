namespace Sos.Server.Hosting;

/// <summary>Runs the service from start to stop.</summary>
internal static partial class OrderlyRun
{
    /// <summary>
    /// Runs it until it is told to stop. A start that fails half-way is stopped in order too, as a started service is: a silo that had joined its
    /// cluster leaves it, and the others need not find out that it is dead.
    /// </summary>
    public static async Task RunInOrder(this WebApplication app)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch
            {
                await StopWhatStarted(app);
                throw;
            }

            await app.WaitForShutdownAsync();
        }
    }

    private static async Task StopWhatStarted(WebApplication app)
    {
        try
        {
            await app.StopAsync();
        }
        catch (Exception trouble)
        {
            // What had not started may refuse to stop; what ended the start is what the caller is told.
            LogNotStopped(app.Logger, trouble);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "After the failed start something did not stop in order")]
    private static partial void LogNotStopped(ILogger logger, Exception trouble);
}
