using System.Diagnostics.CodeAnalysis;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Server.Geo;
using Sos.Server.Http;

namespace Sos.Server.Responders;

/// <summary>What a responder changes about herself; what is left out stays.</summary>
/// <param name="OnDuty">On or off duty.</param>
/// <param name="Capacity">Alerts at a time, 1 to 10.</param>
/// <param name="Transport">walk or car.</param>
public sealed record DutyRequest(bool? OnDuty = null, int? Capacity = null, Transport? Transport = null);

/// <summary>A position that is also a heartbeat; without latitude and longitude only that.</summary>
/// <param name="Latitude">WGS 84 degrees, −90 to 90.</param>
/// <param name="Longitude">WGS 84 degrees, −180 to 180.</param>
/// <param name="Accuracy">Radius of the 68 % circle in metres.</param>
/// <param name="At">When it was true; now, if left out or in the future.</param>
/// <param name="Mock">The device says that an app has made the position up.</param>
public sealed record HeartbeatRequest(double? Latitude = null, double? Longitude = null, double? Accuracy = null, DateTimeOffset? At = null, bool Mock = false)
{
    /// <summary>The report, or the problem with it.</summary>
    internal bool TryRead(DateTimeOffset now, [NotNullWhen(true)] out PositionReport? report, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (report, problem) = (null, null);
        if (Latitude is { } latitude && Longitude is { } longitude) return new PositionRequest(latitude, longitude, Accuracy, At, Mock).TryRead(now, out report, out problem);
        if (Latitude is not null || Longitude is not null) problem = ProblemResult.Invalid($"{(Latitude is null ? "latitude" : "longitude")} is missing.");
        else report = new PositionReport(null, null, now);
        return report is not null;
    }
}

/// <summary>Where staff looks for responders. Read as text, so that what cannot be read is answered by its name.</summary>
/// <param name="Latitude">WGS 84 degrees, −90 to 90.</param>
/// <param name="Longitude">WGS 84 degrees, −180 to 180.</param>
/// <param name="RadiusMetres">1 to 50,000; 5,000 if left out.</param>
/// <param name="Limit">1 to 200; 50 if left out.</param>
internal sealed record NearbyRequest(string? Latitude, string? Longitude, string? RadiusMetres, string? Limit)
{
    private const double UsualRadius = 5_000;
    private const int UsualLimit = 50;

    public bool TryRead(double longest, int most, out GeoPoint centre, out Distance radius, out int limit, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (centre, radius, limit, problem) = (default, default, 0, null);
        if (!QueryNumbers.TryNumber(Latitude, null, out var latitude)) problem = ProblemResult.Invalid("latitude must be a number.");
        else if (!QueryNumbers.TryNumber(Longitude, null, out var longitude)) problem = ProblemResult.Invalid("longitude must be a number.");
        else if (PositionRequest.ProblemWith(latitude, longitude) is { } outside) problem = outside;
        else if (!QueryNumbers.TryNumber(RadiusMetres, UsualRadius, out var metres) || !(metres >= 1 && metres <= longest)) problem = ProblemResult.Invalid($"radiusMetres must be 1 to {longest:F0}.");
        else if (!QueryNumbers.TryWhole(Limit, UsualLimit, 1, most, out var whole)) problem = ProblemResult.Invalid($"limit must be 1 to {most}.");
        else (centre, radius, limit) = (new GeoPoint(latitude, longitude), Distance.FromMetres(metres), (int)whole);
        return problem is null;
    }
}

/// <summary>A responder as she herself and administrators see her.</summary>
/// <param name="Id">User id.</param>
/// <param name="DisplayName">First name.</param>
/// <param name="Cleared">False while suspended.</param>
/// <param name="OnDuty">On duty.</param>
/// <param name="Capabilities">medical, safety, fire, aed.</param>
/// <param name="Transport">walk or car.</param>
/// <param name="Capacity">Alerts at a time.</param>
/// <param name="Engaged">Alerts that hold her capacity now.</param>
/// <param name="Reliability">0 to 1: share of requests that ended with help.</param>
/// <param name="Position">Where she is known to be; left out off duty.</param>
/// <param name="InboxSeq">Newest inbox sequence number.</param>
public sealed record ResponderAccount(
    Guid Id,
    string DisplayName,
    bool Cleared,
    bool OnDuty,
    IReadOnlyList<string> Capabilities,
    Transport Transport,
    int Capacity,
    int Engaged,
    double Reliability,
    PositionFix? Position,
    long InboxSeq)
{
    internal static ResponderAccount Of(ResponderView view) => new(
        view.Id, view.DisplayName, view.Cleared, view.OnDuty, CapabilityNames.Of(view.Capabilities), view.Transport, view.Capacity, view.Engaged, view.Reliability,
        view.Position, view.InboxSeq);
}

/// <summary>A responder near a place, as staff sees her.</summary>
/// <param name="Id">User id.</param>
/// <param name="DisplayName">First name.</param>
/// <param name="Position">Where she was last heard of.</param>
/// <param name="DistanceMetres">Great circle from the place.</param>
/// <param name="State">live: heard of within a minute; stale: not.</param>
/// <param name="Capabilities">medical, safety, fire, aed.</param>
/// <param name="Transport">walk or car.</param>
/// <param name="FreeCapacity">Alerts she can still take.</param>
/// <param name="Reliability">0 to 1.</param>
public sealed record NearbyResponder(
    Guid Id,
    string DisplayName,
    PositionFix Position,
    double DistanceMetres,
    Freshness State,
    IReadOnlyList<string> Capabilities,
    Transport Transport,
    int FreeCapacity,
    double Reliability)
{
    internal static NearbyResponder Of(CellHit hit, ResponderView view) => new(
        view.Id, view.DisplayName, view.Position ?? new PositionFix(hit.Entry.Point, null, hit.Entry.At, LastKnown: true), Math.Round(hit.Distance.Metres, 1), hit.Freshness,
        CapabilityNames.Of(view.Capabilities), view.Transport, Math.Max(0, view.Capacity - view.Engaged), view.Reliability);
}

/// <summary>Responders near a place.</summary>
/// <param name="Items">Nearest first.</param>
/// <param name="WarmingCells">Above 0 the service has just started there and has not heard of everybody: ask again.</param>
public sealed record NearbyResponders(IReadOnlyList<NearbyResponder> Items, int WarmingCells);

/// <summary>Inbox items.</summary>
/// <param name="Items">Oldest first.</param>
/// <param name="Next">The sequence number to ask after next.</param>
public sealed record InboxPage(IReadOnlyList<InboxItem> Items, long Next);
