using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Tests.Relatives;

/// <summary>Makes entries of people who show themselves.</summary>
internal sealed class Family(int seed)
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);

    public static ShareGrant To(Guid viewer, SharePrecision precision = SharePrecision.Exact, DateTimeOffset? until = null) => new(viewer, precision, until);

    public static SharingEntry At(GeoPoint point, Guid person, long seq = 1, GeoPoint? square = null, long epoch = 1, TimeSpan? age = null, params ImmutableArray<ShareGrant> grants) =>
        new(person, epoch, seq, point, square ?? point, Distance.FromMetres(10), Now - (age ?? TimeSpan.Zero), grants);

    public Guid Id()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public int Below(int limit) => _random.Next(limit);

    public double Share() => _random.NextDouble();

    /// <summary>Evenly over the disc.</summary>
    public GeoPoint Somewhere(GeoPoint around, double withinMetres) =>
        around.Travel(_random.NextDouble() * 360, Distance.FromMetres(withinMetres * Math.Sqrt(_random.NextDouble())));

    /// <summary>Normal, of mean 0 and deviation 1 (Box and Muller).</summary>
    public double Noise() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
