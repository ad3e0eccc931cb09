using System.Diagnostics;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;

namespace Sos.Server.Operations;

/// <summary>
/// The second of the three nets under every due time: when a process starts, the alerts that are open are found by their reminders and
/// pinged, so that each comes up, does what is due and announces itself to its board.
/// </summary>
internal sealed partial class OpenAlertSweep(IReminderTable reminders, IGrainFactory grains, TimeProvider time, ILogger<OpenAlertSweep> logger) : BackgroundService
{
    /// <summary>The table is read in as many parts, so that its size is no matter.</summary>
    private const uint Ranges = 16;

    /// <summary>Alerts that come up at once: presses share the store with them.</summary>
    private const int AtOnce = 64;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // A stranger sees nothing of an alert; the question is answered once the alert is up and the ping before it is done.
    private static readonly AlertReader Nobody = new(Guid.Empty, false, []);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Sweep(stoppingToken);
                return;
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                LogFailed(trouble);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    /// <summary>Pings every alert that has a reminder; answers how many.</summary>
    internal async Task<int> Sweep(CancellationToken cancellationToken)
    {
        var (start, count) = (Stopwatch.GetTimestamp(), 0);
        var alertType = grains.GetGrain<IAlertGrain>(Guid.Empty).GetGrainId().Type;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        for (uint range = 0; range < Ranges; range++)
        {
            const uint Width = uint.MaxValue / Ranges;

            // A range begins after its beginning; the last one goes round and takes hash 0 too.
            var end = range == Ranges - 1 ? 0 : (range + 1) * Width;
            var rows = await reminders.ReadRows(range * Width, end);
            var alerts = rows.Reminders.Where(row => row.GrainId.Type == alertType).Select(row => row.GrainId).Distinct().ToList();
            await Parallel.ForEachAsync(alerts, options, async (alert, _) => await Ping(alert));
            count += alerts.Count;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        LogSwept(count, elapsed.TotalMilliseconds);
        return count;
    }

    private async Task Ping(GrainId id)
    {
        try
        {
            var alert = grains.GetGrain<IAlertGrain>(id);
            await alert.Ping();
            await alert.View(Nobody);
        }
        catch (Exception trouble)
        {
            // One alert that does not come up must not keep the others down; its reminder comes within a minute.
            LogNotUp(id, trouble);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} open alerts pinged in {Milliseconds:F0} ms")]
    private partial void LogSwept(int count, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The sweep of open alerts failed; it is tried again")]
    private partial void LogFailed(Exception trouble);

    [LoggerMessage(Level = LogLevel.Error, Message = "Alert {Alert} did not come up at the sweep")]
    private partial void LogNotUp(GrainId alert, Exception trouble);
}
