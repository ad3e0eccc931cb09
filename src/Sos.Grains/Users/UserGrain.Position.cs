using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Geo;
using Sos.Grains.Relatives;
using Sos.Grains.Zones;

namespace Sos.Grains.Users;

/// <summary>Where she is: looked at and kept in memory, never stored here.</summary>
internal sealed partial class UserGrain
{
    private PositionPipeline? _steps;
    private LastKnownStep? _lastKnown;
    private ZoneStep? _zoneStep;
    private NearbyStep? _nearbyStep;
    private SharingPresence? _presence;

    /// <summary>Everything that is done with a report, in order.</summary>
    private PositionPipeline Steps => _steps ??= new PositionPipeline(
        logger,
        new PlausibilityStep(geo.Value),    // what cannot be is not believed
        new MotionStep(geo.Value),          // how she came here
        _lastKnown = new LastKnownStep(),   // for an SOS without a position
        _zoneStep = new ZoneStep(zones, geo.Value, () => record.State.WatchesZones), // into which zones she has come
        _nearbyStep = new NearbyStep(Presence, this.GetPrimaryKey(), GrainFactory, proximity.Value), // into her cell, and who is near
        new TrailStep(() => record.State.KeepsTrail, Presence, GrainFactory.GetGrain<ITrailGrain>(this.GetPrimaryKey()))); // after her square has followed her

    /// <summary>To whom she shows herself, and where that is known.</summary>
    private SharingPresence Presence => _presence ??= new SharingPresence(this.GetPrimaryKey(), GrainFactory, epochs, proximity.Value);

    async Task<PositionOutcome> IUserGrain.Report(ImmutableArray<PositionReport> reports)
    {
        var (now, outcome) = (time.GetUtcNow(), ReportOutcome.Accepted);

        // After an outage they come together: in the order in which they were true.
        if (reports.Length > 1) reports = [.. reports.OrderBy(report => report.At)];
        for (var i = 0; i < reports.Length; i++) outcome = await Steps.Run(new PositionWork(reports[i], now, isNewest: i == reports.Length - 1));

        // The position lives in this activation only: it stays as long as the position may be used.
        if (_lastKnown?.Fix is not null) DelayDeactivation(UserRules.PositionLife);
        return new PositionOutcome(outcome, _zoneStep?.Untold(now) ?? [], _nearbyStep?.Untold(now) ?? []);
    }

    Task IUserGrain.Noted(ImmutableArray<ZoneEntry> entries)
    {
        _zoneStep?.Told(entries);
        return Task.CompletedTask;
    }

    Task IUserGrain.Noted(ImmutableArray<NearbyChange> changes)
    {
        _nearbyStep?.Told(changes);
        return Task.CompletedTask;
    }

    Task IUserGrain.Share(SharingPolicy policy) => Presence.Take(policy, time.GetUtcNow());

    async Task IUserGrain.Tell(ProximityAlert alert)
    {
        _followers.ClearExpired();
        var person = this.GetPrimaryKey();
        if (_followers.Count > 0) await _followers.Notify(follower => follower.RelativeNear(person, alert));
    }

    Task IUserGrain.Tell(SharingEnd end)
    {
        _followers.ClearExpired();
        var person = this.GetPrimaryKey();
        return _followers.Notify(follower => follower.SharingEnded(person, end));
    }

    async Task IUserGrain.Met(RelativeMeeting meeting)
    {
        if (_nearbyStep?.Hear(meeting, time.GetUtcNow()) is not { } change) return;
        // What fails here is told with her next report.
        await GrainFactory.GetGrain<IRelativesGrain>(this.GetPrimaryKey()).Noted([change]);
        _nearbyStep?.Told([change]);
    }

    Task<bool> IUserGrain.WatchZones(bool watches) => Switch(state => state.WatchesZones, state => state.WatchesZones = watches, watches);

    Task<bool> IUserGrain.KeepTrail(bool keeps) => Switch(state => state.KeepsTrail, state => state.KeepsTrail = keeps, keeps);

    private async Task<bool> Switch(Func<UserState, bool> stands, Action<UserState> turn, bool to)
    {
        if (_profile is null)
        {
            Missing();
            return false;
        }

        if (stands(record.State) == to) return true;
        turn(record.State);
        await Write();
        return true;
    }

    private async Task ForgetPosition()
    {
        var presence = _presence;
        (_steps, _lastKnown, _zoneStep, _nearbyStep, _presence) = (null, null, null, null, null);
        if (presence is not null) await presence.Withdraw(time.GetUtcNow());
    }

    Task<PositionFix?> IUserGrain.LastKnown() => Task.FromResult(LastFix);

    Task<PositionFix?> IUserGrain.LastShown(SharePrecision precision) => Task.FromResult(
        precision == SharePrecision.Exact || LastFix is not { } fix ? LastFix : fix with { Point = Presence.Shown(fix, precision), Accuracy = null });

    private PositionFix? LastFix => _lastKnown?.Fix is { } fix && time.GetUtcNow() - fix.At <= UserRules.PositionLife ? fix : null;
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
