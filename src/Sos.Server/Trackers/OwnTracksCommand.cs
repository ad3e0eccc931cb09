using System.Text.Json.Serialization;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;

namespace Sos.Server.Trackers;

/// <summary>What OwnTracks is told with the answer to a message (booklet, tech/http): a list of these, by their <c>_type</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "_type")]
[JsonDerivedType(typeof(OwnTracksCommand), "cmd")]
[JsonDerivedType(typeof(OwnTracksLocation), "location")]
[JsonDerivedType(typeof(OwnTracksCard), "card")]
public abstract record OwnTracksMessage;

/// <summary>Put these into your geofences (booklet, tech/json).</summary>
/// <param name="Action">setWaypoints.</param>
/// <param name="Waypoints">The geofences.</param>
public sealed record OwnTracksCommand(string Action, OwnTracksWaypoints Waypoints) : OwnTracksMessage
{
    /// <summary>A place that is none: iOS takes the geofence of that name away.</summary>
    private const double Nowhere = -1000;

    /// <summary>Smaller geofences are not noticed by phones, metres.</summary>
    private const double LeastRadius = 50;

    internal static OwnTracksCommand Of(IEnumerable<ZoneCircle> zones, IEnumerable<OwnTracksWaypoint> gone) =>
        new("setWaypoints", new OwnTracksWaypoints("waypoints", [.. Waypoint(zones), .. gone.Select(one => one with { Lat = Nowhere, Lon = Nowhere })]));

    /// <summary>Whether that client, by its User-Agent, takes geofences away so; Android keeps them until its user does.</summary>
    internal static bool Forgets(string userAgent) => userAgent.Contains("Darwin", StringComparison.Ordinal);

    /// <summary>Zones as geofences. iOS knows them by name, so those of one name get the end of their id behind it; Android by the mark.</summary>
    internal static IEnumerable<OwnTracksWaypoint> Waypoint(IEnumerable<ZoneCircle> zones) => zones.GroupBy(zone => zone.Name, StringComparer.Ordinal).SelectMany(same => same.Select(zone => new OwnTracksWaypoint(
        "waypoint", same.Skip(1).Any() ? $"{zone.Name} ({zone.Zone.ToString("N")[^4..]})" : zone.Name,
        Math.Round(zone.Middle.Latitude, 6), Math.Round(zone.Middle.Longitude, 6), Math.Round(Math.Max(LeastRadius, zone.Radius.Metres)), ZoneMarks.Of(zone.Zone))));
}

/// <summary>Geofences.</summary>
/// <param name="Type">waypoints.</param>
/// <param name="Waypoints">Each.</param>
public sealed record OwnTracksWaypoints([property: JsonPropertyName("_type")] string Type, IReadOnlyList<OwnTracksWaypoint> Waypoints);

/// <summary>A geofence.</summary>
/// <param name="Type">waypoint.</param>
/// <param name="Desc">Its name.</param>
/// <param name="Lat">Middle, WGS 84 degrees; −1000: take it away.</param>
/// <param name="Lon">Middle, WGS 84 degrees; −1000: take it away.</param>
/// <param name="Rad">Radius in metres.</param>
/// <param name="Tst">Its mark: the same again replaces what is there.</param>
public sealed record OwnTracksWaypoint([property: JsonPropertyName("_type")] string Type, string Desc, double Lat, double Lon, double Rad, long Tst);
