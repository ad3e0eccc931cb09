using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Geo;
using Sos.Grains.Zones;

namespace Sos.Grains.Users;

/// <summary>Where she is: looked at and kept in memory, never stored.</summary>
internal sealed partial class UserGrain
{
    private PositionPipeline? _steps;
    private LastKnownStep? _lastKnown;
    private ZoneStep? _zoneStep;

    /// <summary>Everything that is done with a report, in order.</summary>
    private PositionPipeline Steps => _steps ??= new PositionPipeline(
        logger,
        new PlausibilityStep(geo.Value),    // what cannot be is not believed
        new MotionStep(geo.Value),          // how she came here
        _lastKnown = new LastKnownStep(),   // for an SOS without a position
        _zoneStep = new ZoneStep(zones, geo.Value, () => record.State.WatchesZones)); // into which zones she has come

    async Task<PositionOutcome> IUserGrain.Report(ImmutableArray<PositionReport> reports)
    {
        var (now, outcome) = (time.GetUtcNow(), ReportOutcome.Accepted);

        // After an outage they come together: in the order in which they were true.
        foreach (var report in reports.Length > 1 ? reports.OrderBy(report => report.At) : reports.AsEnumerable()) outcome = await Steps.Run(new PositionWork(report, now));

        // The position lives in this activation only: it stays as long as the position may be used.
        if (_lastKnown?.Fix is not null) DelayDeactivation(UserRules.PositionLife);
        return new PositionOutcome(outcome, _zoneStep?.Untold(now) ?? []);
    }

    Task IUserGrain.Noted(ImmutableArray<ZoneEntry> entries)
    {
        _zoneStep?.Told(entries);
        return Task.CompletedTask;
    }

    async Task<bool> IUserGrain.WatchZones(bool watches)
    {
        if (_profile is null)
        {
            Missing();
            return false;
        }

        if (record.State.WatchesZones == watches) return true;
        record.State.WatchesZones = watches;
        await Write();
        return true;
    }

    private void ForgetPosition() => (_steps, _lastKnown, _zoneStep) = (null, null, null);

    Task<PositionFix?> IUserGrain.LastKnown() => Task.FromResult(_lastKnown?.Fix is { } fix && time.GetUtcNow() - fix.At <= UserRules.PositionLife ? fix : null);
}

/// <summary>Keeps the newest position.</summary>
internal sealed class LastKnownStep : IPositionStep
{
    /// <summary>The newest position; null before the first.</summary>
    public PositionFix? Fix { get; private set; }

    public ValueTask<bool> Take(PositionWork work)
    {
        Fix = work.Fix;
        return ValueTask.FromResult(true);
    }
}
