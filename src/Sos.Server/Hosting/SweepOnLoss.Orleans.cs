using Orleans.Runtime;
using Sos.Server.Operations;

namespace Sos.Server.Hosting;

/// <summary>When a silo of the cluster is gone, the open alerts are pinged, so that those it held come up on another one at once.</summary>
internal sealed partial class SweepOnLoss(IClusterMembershipService membership, OpenAlertSweep sweep, ILogger<SweepOnLoss> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var gone = Gone(membership.CurrentSnapshot);
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var now = Gone(snapshot);
            if (now.IsSubsetOf(gone)) continue;
            gone = now;
            try
            {
                LogSwept(await sweep.Sweep(stoppingToken));
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                // The reminders of the alerts come within a minute; the next change of membership sweeps again.
                LogFailed(trouble);
            }
        }
    }

    private static HashSet<SiloAddress> Gone(ClusterMembershipSnapshot snapshot) =>
        [.. snapshot.Members.Values.Where(member => member.Status == SiloStatus.Dead).Select(member => member.SiloAddress)];

    [LoggerMessage(Level = LogLevel.Warning, Message = "A silo is gone; {Count} open alerts were pinged")]
    private partial void LogSwept(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A silo is gone and the sweep of open alerts failed")]
    private partial void LogFailed(Exception trouble);
}
