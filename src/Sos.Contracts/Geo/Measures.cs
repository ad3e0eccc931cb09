using Orleans;

namespace Sos.Contracts.Geo;

/// <summary>A length on the ground.</summary>
/// <param name="Metres">Metres, 0 or more.</param>
[GenerateSerializer, Immutable, Alias("sos.geo.distance")]
public readonly record struct Distance([property: Id(0)] double Metres) : IComparable<Distance>
{
    /// <summary>A distance in metres.</summary>
    public static Distance FromMetres(double metres) => new(metres);

    /// <summary>A distance in kilometres.</summary>
    public static Distance FromKilometres(double kilometres) => new(kilometres * 1000);

    /// <inheritdoc/>
    public int CompareTo(Distance other) => Metres.CompareTo(other.Metres);

    /// <summary>Scales a distance, for example by a detour factor.</summary>
    public static Distance operator *(Distance distance, double factor) => new(distance.Metres * factor);

    /// <summary>The time a distance takes at a speed.</summary>
    public static TimeSpan operator /(Distance distance, Speed speed) => TimeSpan.FromSeconds(distance.Metres / speed.MetresPerSecond);

    /// <summary>Shorter than.</summary>
    public static bool operator <(Distance left, Distance right) => left.Metres < right.Metres;

    /// <summary>Longer than.</summary>
    public static bool operator >(Distance left, Distance right) => left.Metres > right.Metres;

    /// <summary>Not longer than.</summary>
    public static bool operator <=(Distance left, Distance right) => left.Metres <= right.Metres;

    /// <summary>Not shorter than.</summary>
    public static bool operator >=(Distance left, Distance right) => left.Metres >= right.Metres;
}

/// <summary>A speed over ground.</summary>
/// <param name="MetresPerSecond">m/s, 0 or more; above 0 where a time is asked of it.</param>
[GenerateSerializer, Immutable, Alias("sos.geo.speed")]
public readonly record struct Speed([property: Id(0)] double MetresPerSecond)
{
    /// <summary>A speed in kilometres an hour.</summary>
    public static Speed FromKilometresPerHour(double kilometresPerHour) => new(kilometresPerHour / 3.6);

    /// <summary>A speed in knots, international nautical miles (1852 m) an hour.</summary>
    public static Speed FromKnots(double knots) => new(knots * 1852 / 3600);
}

/// <summary>Where a person was, how well that is known, and when.</summary>
/// <param name="Point">The position.</param>
/// <param name="Accuracy">Radius of the 68 % circle; null where the device did not say.</param>
/// <param name="At">When the position was true, corrected to the server's clock.</param>
/// <param name="LastKnown">True when this is an older position used because the present one is unknown: show its age with it.</param>
[GenerateSerializer, Immutable, Alias("sos.geo.fix")]
public sealed record PositionFix(
    [property: Id(0)] GeoPoint Point,
    [property: Id(1)] Distance? Accuracy,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] bool LastKnown = false);

/// <summary>How fresh a position is: live &lt; 60 s, stale &lt; 30 min, expired older. Expired positions are never shown or used.</summary>
public enum Freshness
{
    /// <summary>Younger than 60 s.</summary>
    Live,

    /// <summary>60 s to 30 min.</summary>
    Stale,

    /// <summary>Older than 30 min.</summary>
    Expired,
}
