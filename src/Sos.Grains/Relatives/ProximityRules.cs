using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>
/// When two relatives are near each other, and what may be told of it. Coming near, and staying, is told only of a report that the relative has made since; going
/// away is told from her own way and what she knew before. So what she sees of a relative who has withdrawn is what she sees of one without a signal.
/// </summary>
internal static class ProximityRules
{
    /// <summary>Fixes in a row beyond the range that make a leave: one may be astray.</summary>
    public const int FixesToLeave = 2;

    /// <summary>Where the device did not say how accurate it is, metres.</summary>
    public const double UsualAccuracy = 10;

    /// <summary>Less accurate fixes say nothing about who is near, metres.</summary>
    public const double WorstAccuracy = 500;

    /// <summary>A relative who was not heard of for so long is near no more, and nobody is told.</summary>
    public static readonly TimeSpan LapsesAfter = TimeSpan.FromMinutes(30);

    /// <summary>The relative was found within reach. Changes the acquaintance; null: there is nothing to tell.</summary>
    public static NearbyMove? See(Acquaintance known, in RelativeSighting seen, SharePrecision own, DateTimeOffset at, ProximityOptions options)
    {
        // What was heard before is no news, and what is told beyond the range would be nobody's to know.
        if (seen.At <= known.HeardAt || !known.IsNear && seen.Distance.Metres > options.RangeMetres) return null;
        (known.Own, known.Point, known.Precision, known.Accuracy, known.HeardAt) = (own, seen.Point, seen.Precision, seen.Accuracy.Metres, seen.At);
        if (!known.IsNear) return Enter(known, at);
        if (at - known.ToldAt < options.InRangeEvery || seen.Distance.Metres > options.RangeMetres) return null;
        known.ToldAt = at;
        return NearbyMove.InRange;
    }

    /// <summary>She has moved. Changes the acquaintance; null: there is nothing to tell.</summary>
    /// <param name="known">A relative of whom she knows.</param>
    /// <param name="apart">How far she is now, as the relative is shown it, from where the relative was, metres.</param>
    /// <param name="accuracy">Of her fix, metres; 0 where she is shown by her square.</param>
    /// <param name="options">The range.</param>
    public static NearbyMove? Move(Acquaintance known, double apart, double accuracy, ProximityOptions options)
    {
        if (!known.IsNear) return null;
        if (apart <= options.LeaveAt(accuracy + known.Accuracy).Metres)
        {
            known.Beyond = 0;
            return null;
        }

        return ++known.Beyond < FixesToLeave ? null : Exit(known);
    }

    /// <summary>The relative's own grain says that the two have met or parted. Changes the acquaintance; null: it was known.</summary>
    public static NearbyMove? Hear(Acquaintance known, RelativeMeeting meeting, SharePrecision own)
    {
        if (meeting.At > known.HeardAt)
        {
            known.HeardAt = meeting.At;
            if (meeting.Point is { } point) (known.Own, known.Point, known.Precision, known.Accuracy) = (own, point, meeting.Precision, meeting.Accuracy.Metres);
        }

        return meeting.Move switch
        {
            NearbyMove.Entering when !known.IsNear => Enter(known, meeting.At),
            NearbyMove.Exiting when known.IsNear => Exit(known),
            _ => null,
        };
    }

    /// <summary>Nothing was heard of the relative for too long.</summary>
    public static bool HasLapsed(Acquaintance known, DateTimeOffset now) => now - known.HeardAt > LapsesAfter;

    private static NearbyMove Enter(Acquaintance known, DateTimeOffset at)
    {
        (known.IsNear, known.Beyond, known.ToldAt) = (true, 0, at);
        return NearbyMove.Entering;
    }

    private static NearbyMove Exit(Acquaintance known)
    {
        (known.IsNear, known.Beyond) = (false, 0);
        return NearbyMove.Exiting;
    }
}
