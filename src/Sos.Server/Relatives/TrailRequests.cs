using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Server.Relatives;

/// <summary>How the caller wants her trail kept; what is left out stays.</summary>
/// <param name="Enabled">Her positions are kept from now on; off until she says so.</param>
/// <param name="KeepHours">Hours after which a position is deleted, 1 to 168; 24 until she says so. Fewer than before: what is older is deleted at once.</param>
public sealed record TrailRequest(bool? Enabled = null, int? KeepHours = null);

/// <summary>How the caller's trail is kept.</summary>
/// <param name="Enabled">Her positions are kept.</param>
/// <param name="KeepHours">Hours after which a position is deleted.</param>
public sealed record TrailSettingsAnswer(bool Enabled, int KeepHours);

/// <summary>The caller's trail.</summary>
/// <param name="Enabled">Her positions are kept.</param>
/// <param name="KeepHours">Hours after which a position is deleted.</param>
/// <param name="Points">Where she was, oldest first: one in half a minute at most while she moves, one in five minutes while she stays.</param>
public sealed record TrailAnswer(bool Enabled, int KeepHours, IReadOnlyList<PositionFix> Points)
{
    internal static TrailAnswer Of(TrailSettings settings, ImmutableArray<TrailPoint> points) => new(settings.Enabled, settings.KeepHours, [.. points.Select(point => point.Fix)]);
}

/// <summary>Where a relative was.</summary>
/// <param name="Points">Oldest first. Empty: not shown, whether she keeps no trail, lets the caller see none, or for any other reason.</param>
public sealed record RelativeTrailAnswer(IReadOnlyList<RelativeTrailPoint> Points)
{
    internal static RelativeTrailAnswer Of(ImmutableArray<ShownPlace> places) => new([.. places.Select(place =>
        new RelativeTrailPoint(place.Fix.Point.Latitude, place.Fix.Point.Longitude, place.Fix.Accuracy?.Metres, place.Fix.At, place.Precision))]);
}

/// <summary>A point of a relative's trail.</summary>
/// <param name="Latitude">WGS 84 degrees.</param>
/// <param name="Longitude">WGS 84 degrees.</param>
/// <param name="Accuracy">Radius of the 68 % circle in metres; left out where it is not known, and for a square.</param>
/// <param name="At">When she was there; approximately: the five minutes in which she had come into the square.</param>
/// <param name="Precision">exact, or approximate: the middle of a square of about a kilometre.</param>
public sealed record RelativeTrailPoint(double Latitude, double Longitude, double? Accuracy, DateTimeOffset At, SharePrecision Precision);
