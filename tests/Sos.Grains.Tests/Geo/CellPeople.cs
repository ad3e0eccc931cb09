using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Tests.Geo;

/// <summary>Makes entries of people around a place.</summary>
internal sealed class CellPeople(int seed)
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);

    public static CellEntry At(GeoPoint point, long epoch = 1, long seq = 1, Guid? person = null, int free = 1, TimeSpan? age = null) => new(
        person ?? Guid.NewGuid(), epoch, seq, point, Now - (age ?? TimeSpan.Zero), Now - (age ?? TimeSpan.Zero) + TimeSpan.FromMinutes(30),
        new ResponderTraits(Capabilities.Medical, Transport.Walk, free, 0.5, null));

    public CellEntry Somebody(GeoPoint around, double withinMetres, long seq = 1) => At(Somewhere(around, withinMetres), seq: seq, person: Id(), free: _random.Next(3));

    /// <summary>Evenly over the disc.</summary>
    public GeoPoint Somewhere(GeoPoint around, double withinMetres) =>
        around.Travel(_random.NextDouble() * 360, Distance.FromMetres(withinMetres * Math.Sqrt(_random.NextDouble())));

    public Guid Id()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public int Below(int limit) => _random.Next(limit);

    /// <summary>What a search must find, by going through everybody.</summary>
    public static List<CellHit> Nearest(IEnumerable<CellEntry> people, CellQuery query) =>
    [
        .. people.Where(e => !query.FreeOnly || e.Traits!.FreeCapacity > 0)
            .Select(e => new CellHit(e, query.Centre.DistanceTo(e.Point), Freshness.Live))
            .Where(hit => hit.Distance <= query.Radius)
            .OrderBy(hit => hit.Distance).ThenBy(hit => hit.Entry.Person)
            .Take(query.Limit),
    ];
}
