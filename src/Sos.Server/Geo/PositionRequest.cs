using System.Diagnostics.CodeAnalysis;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Server.Http;

namespace Sos.Server.Geo;

/// <summary>Positions that a device could not send when they were true.</summary>
/// <param name="Positions">1 to 200, in any order, each with its time.</param>
public sealed record PositionBatch(IReadOnlyList<PositionRequest> Positions);

/// <summary>A position as devices send it.</summary>
/// <param name="Latitude">WGS 84 degrees, −90 to 90.</param>
/// <param name="Longitude">WGS 84 degrees, −180 to 180.</param>
/// <param name="Accuracy">Radius of the 68 % circle in metres.</param>
/// <param name="At">When it was true; now, if left out or in the future.</param>
/// <param name="Mock">The device says that an app has made the position up.</param>
public sealed record PositionRequest(double Latitude, double Longitude, double? Accuracy = null, DateTimeOffset? At = null, bool Mock = false)
{
    private const double LargestAccuracy = 100_000;

    /// <summary>The position, or the problem with it.</summary>
    internal bool TryRead(DateTimeOffset now, [NotNullWhen(true)] out PositionFix? fix, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (fix, problem) = (null, null);
        if (ProblemWith(Latitude, Longitude) is { } outside) problem = outside;
        else if (Accuracy is < 0 or > LargestAccuracy) problem = ProblemResult.Invalid("accuracy must be 0 to 100000 metres.");
        else
        {
            var accuracy = Accuracy is { } metres ? Distance.FromMetres(metres) : (Distance?)null;
            fix = new PositionFix(new GeoPoint(Latitude, Longitude), accuracy, At is { } at && at < now ? at.ToUniversalTime() : now);
        }

        return fix is not null;
    }

    /// <summary>The position as a report, or the problem with it.</summary>
    internal bool TryRead(DateTimeOffset now, [NotNullWhen(true)] out PositionReport? report, [NotNullWhen(false)] out ProblemResult? problem)
    {
        report = TryRead(now, out PositionFix? fix, out problem) ? new PositionReport(fix.Point, fix.Accuracy, fix.At, Mock) : null;
        return report is not null;
    }

    /// <summary>What is wrong with two numbers as a position, by the name of the first that is; null if nothing is.</summary>
    internal static ProblemResult? ProblemWith(double latitude, double longitude)
    {
        var swapped = latitude is >= -180 and <= 180 && longitude is >= -90 and <= 90 ? " Latitude comes first: are they swapped?" : "";
        if (latitude is not (>= -90 and <= 90)) return ProblemResult.Invalid($"latitude must be −90 to 90.{swapped}");
        return longitude is >= -180 and <= 180 ? null : ProblemResult.Invalid("longitude must be −180 to 180.");
    }
}
