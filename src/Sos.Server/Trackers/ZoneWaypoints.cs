using System.Collections.Concurrent;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;

namespace Sos.Server.Trackers;

/// <summary>
/// The zones near somebody who watches out for them, for the geofences of her phone: it then notices a zone with the app closed and without a stream of positions. Told
/// when they are others than the last time; looked at when she has moved far, or after a while. What was told is in this process's memory: told again it changes nothing.
/// </summary>
internal sealed partial class ZoneWaypoints(IGrainFactory grains, ZoneListing zones, TimeProvider time, ILogger<ZoneWaypoints> logger)
{
    /// <summary>iOS watches 20 regions, some of them its owner's.</summary>
    public const int Most = 16;

    private const int MostTrackers = 50_000;

    /// <summary>How far zones are looked for; none comes nearer unseen while she moves less than <see cref="Far"/>.</summary>
    private static readonly Distance Radius = Distance.FromKilometres(20);

    private static readonly Distance Far = Distance.FromKilometres(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    /// <summary>A phone that tells its place waits no longer for zones.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, Told> _told = new();

    /// <summary>What a tracker is to be told now; empty: nothing new.</summary>
    /// <param name="person">Whose tracker.</param>
    /// <param name="tracker">Which.</param>
    /// <param name="forgets">It takes geofences away when it is told to.</param>
    public async Task<IReadOnlyList<OwnTracksCommand>> Due(Guid person, Guid tracker, bool forgets)
    {
        try
        {
            return await Look(person, tracker, forgets).WaitAsync(Patience, time);
        }
        catch (Exception trouble)
        {
            // Her place was taken; the zones come with the answer to a later one.
            LogNotAnswered(trouble.GetType().Name);
            return [];
        }
    }

    private async Task<IReadOnlyList<OwnTracksCommand>> Look(Guid person, Guid tracker, bool forgets)
    {
        var now = time.GetUtcNow();
        if (await grains.GetGrain<IUserGrain>(person).LastKnown() is not { } fix) return [];
        var known = _told.GetValueOrDefault(tracker);
        if (known is not null && now - known.LookedAt < LookEvery && fix.Point.DistanceTo(known.From) < Far) return [];
        var watches = (await grains.GetGrain<IZoneWatchGrain>(person).View()).Settings.Watching;
        var near = watches ? await zones.Near(fix.Point, Radius, Most) : [];
        var waypoints = OwnTracksCommand.Waypoint(near).ToList();
        if (_told.Count >= MostTrackers) _told.Clear();
        _told[tracker] = new Told(now, fix.Point, waypoints);
        var gone = forgets && known is not null ? known.Waypoints.ExceptBy(waypoints.Select(one => one.Desc), one => one.Desc).ToList() : [];
        var isSame = known is null ? waypoints.Count == 0 : known.Waypoints.ToHashSet().IsSupersetOf(waypoints) && gone.Count == 0;
        return isSame ? [] : [OwnTracksCommand.Of(near, gone)];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The zones near a tracker could not be asked for ({Exception}); they are told later")]
    private partial void LogNotAnswered(string exception);

    /// <summary>What a tracker was told last.</summary>
    private sealed record Told(DateTimeOffset LookedAt, GeoPoint From, IReadOnlyList<OwnTracksWaypoint> Waypoints);
}
