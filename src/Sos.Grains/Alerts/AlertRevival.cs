using Orleans;
using Sos.Contracts.Alerts;

namespace Sos.Grains.Alerts;

/// <summary>
/// A write has failed and the alert's activation has been dropped, and its timer with it → a second later the alert is pinged, so that
/// it reads its record again and does what is due. The reminder would come too, but up to a minute later.
/// </summary>
internal sealed class AlertRevival(IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    /// <summary>Pings an alert in a second.</summary>
    public void Schedule(Guid alertId)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                // One-way: the task only says that the ping was sent.
                _ = grains.GetGrain<IAlertGrain>(alertId).Ping();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        timer.Change(After, Timeout.InfiniteTimeSpan);
    }
}
