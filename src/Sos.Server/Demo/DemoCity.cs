using System.Collections.Immutable;
using Sos.Contracts.Geo;

namespace Sos.Server.Demo;

/// <summary>A quarter of the city.</summary>
internal sealed record District(string Name, List<PlanPoint> Outline);

/// <summary>Something to find one's way by.</summary>
internal sealed record Landmark(string Name, PlanPoint At);

/// <summary>A city that does not exist, on an island that does not exist, drawn in metres about its centre.</summary>
internal sealed record DemoCity(
    List<PlanPoint> Coast,
    List<PlanPoint> River,
    ImmutableArray<District> Districts,
    ImmutableArray<List<PlanPoint>> Parks,
    ImmutableArray<PlanLine> Streets,
    ImmutableArray<List<PlanPoint>> Avenues,
    ImmutableArray<Landmark> Landmarks)
{
    /// <summary>Its name.</summary>
    public const string Name = "Saltholm";

    /// <summary>Where it lies: far out in the North Atlantic, where nobody can be called to help by mistake.</summary>
    public static GeoPoint Centre { get; } = new(46.2, -28.4);

    private const double MetresPerDegree = GeoPoint.EarthRadiusMetres * Math.PI / 180;
    private static readonly double EastPerDegree = MetresPerDegree * Math.Cos(double.DegreesToRadians(Centre.Latitude));

    /// <summary>A place of the plan on the globe; the city is small enough for the Earth to be flat.</summary>
    public static GeoPoint ToGlobe(PlanPoint point) => new(Centre.Latitude + point.North / MetresPerDegree, Centre.Longitude + point.East / EastPerDegree);

    private static PlanPoint ToPlan(GeoPoint place) =>
        new((place.Longitude - Centre.Longitude) * EastPerDegree, (place.Latitude - Centre.Latitude) * MetresPerDegree);

    /// <summary>A place on a street, long streets more often than short ones.</summary>
    /// <param name="random">Chance.</param>
    /// <param name="within">At most so far from <paramref name="about"/>; null: anywhere.</param>
    /// <param name="about">Null: the city's centre.</param>
    public GeoPoint SomewhereOnAStreet(Random random, Distance? within = null, GeoPoint? about = null)
    {
        var (middle, reach) = (ToPlan(about ?? Centre), within?.Metres ?? double.MaxValue);
        var near = Streets.Where(street => (street.At(0.5) - middle).Length <= reach).ToList();
        var way = random.NextDouble() * near.Sum(street => street.Length);
        foreach (var street in near)
        {
            if (way <= street.Length) return ToGlobe(street.At(way / street.Length));
            way -= street.Length;
        }

        return about ?? Centre;
    }

    /// <summary>Areas whose boards hold this city's alerts.</summary>
    public ImmutableArray<AreaId> Areas => [.. Coast.Select(point => AreaId.Of(ToGlobe(point))).Append(AreaId.Of(Centre)).Append(AreaId.None).Distinct()];
}
