using System.Collections.Immutable;

namespace Sos.Server.Demo;

/// <summary>Draws a city from a seed: coast, river, districts, parks, avenues and streets. The same seed, the same city.</summary>
internal sealed class CityPlanner
{
    private const double Radius = 4000;
    private static readonly string[] Names =
    [
        "Old Harbour", "Weir Quarter", "Lantern Hill", "South Bank", "Mint Gardens", "Chapel Row", "Eastfield", "Saltmarsh",
        "Ferryside", "High Orchard", "North Gate", "Tannery", "Glasshouses", "Kiln Yard", "Gull Point", "Fairmeadow",
    ];

    private readonly Random _random;
    private readonly double[] _phases;
    private readonly double _flow;

    private CityPlanner(int seed)
    {
        _random = new Random(seed);
        _phases = [.. Enumerable.Range(0, 8).Select(_ => _random.NextDouble() * Math.Tau)];
        _flow = _random.NextDouble() * Math.Tau;
    }

    public static DemoCity Draw(int seed) => new CityPlanner(seed).Draw();

    private DemoCity Draw()
    {
        var coast = Enumerable.Range(0, 120).Select(i => PlanPoint.Polar(i * Math.Tau / 120, Shore(i * Math.Tau / 120))).ToList();
        var river = River(0);
        var wide = River(35);
        var districts = Districts(coast);
        var parks = districts.Skip(4).Where((_, i) => i % 5 == 0).Select(d => PlanGeometry.Smooth(PlanGeometry.Shrink(d.Outline, 0.5))).ToImmutableArray();
        var streets = districts.SelectMany(Grid)
            .SelectMany(line => PlanGeometry.Clip(line, wide, inside: false))
            .SelectMany(line => parks.Aggregate<List<PlanPoint>, IEnumerable<PlanLine>>([line], (lines, park) => lines.SelectMany(l => PlanGeometry.Clip(l, park, inside: false))))
            .Where(line => line.Length > 60)
            .ToImmutableArray();
        return new DemoCity(coast, river, districts, parks, streets, Avenues(), Landmarks());
    }

    private double Shore(double angle) => Radius * (1
        + 0.10 * Math.Sin(2 * angle + _phases[0])
        + 0.06 * Math.Sin(3 * angle + _phases[1])
        + 0.03 * Math.Sin(5 * angle + _phases[2])
        + 0.012 * Math.Sin(11 * angle + _phases[3]));

    /// <summary>From the hills through the city into the sea, wider on its way.</summary>
    private List<PlanPoint> River(double margin)
    {
        var along = PlanPoint.Polar(_flow, 1);
        var across = new PlanPoint(-along.North, along.East);
        List<PlanPoint> left = [], right = [];
        for (var t = -1.25; t <= 1.25; t += 0.025)
        {
            var middle = along * (t * Radius) + across * (450 + 420 * Math.Sin(2.2 * t + _phases[4]) + 110 * Math.Sin(5.3 * t + _phases[5]));
            var half = 45 + 45 * (t + 1.25) + margin;
            left.Add(middle + across * half);
            right.Add(middle - across * half);
        }

        right.Reverse();
        return [.. left, .. right];
    }

    private ImmutableArray<District> Districts(List<PlanPoint> coast)
    {
        List<PlanPoint> middles = [new(0, 0)];
        for (var i = 0; i < 5; i++) middles.Add(PlanPoint.Polar((i + Jitter(0.25)) * Math.Tau / 5, Radius * (0.42 + Jitter(0.05))));
        for (var i = 0; i < 10; i++) middles.Add(PlanPoint.Polar((i + Jitter(0.25)) * Math.Tau / 10, Radius * (0.82 + Jitter(0.06))));
        return [.. middles.Select((middle, i) => new District(
            Names[i],
            middles.Where(other => other != middle).Aggregate(coast, (outline, other) => PlanGeometry.Nearer(outline, middle, other))))];
    }

    /// <summary>Blocks of a district: two families of parallel streets, turned its own way, with gaps here and there.</summary>
    private IEnumerable<PlanLine> Grid(District district)
    {
        var outline = PlanGeometry.Shrink(district.Outline, 0.97);
        var middle = PlanGeometry.Middle(outline);
        var turn = Math.Atan2(middle.North, middle.East) + Jitter(0.35);
        return Family(outline, middle, turn, 170 + 40 * _random.NextDouble()).Concat(Family(outline, middle, turn + Math.PI / 2, 240 + 80 * _random.NextDouble())).ToList();
    }

    private IEnumerable<PlanLine> Family(List<PlanPoint> outline, PlanPoint middle, double angle, double spacing)
    {
        var along = PlanPoint.Polar(angle, 1);
        var across = new PlanPoint(-along.North, along.East);
        for (var offset = -3000 + Jitter(40); offset < 3000; offset += spacing * (1 + Jitter(0.15)))
        {
            var line = new PlanLine(middle + across * offset - along * 3000, middle + across * offset + along * 3000);
            foreach (var street in PlanGeometry.Clip(line, outline, inside: true))
            {
                if (street.Length > 500 && _random.NextDouble() < 0.35)
                {
                    var gap = 0.2 + 0.6 * _random.NextDouble();
                    yield return new PlanLine(street.From, street.At(gap - 0.08));
                    yield return new PlanLine(street.At(gap + 0.08), street.To);
                }
                else yield return street;
            }
        }
    }

    private ImmutableArray<List<PlanPoint>> Avenues()
    {
        var avenues = ImmutableArray.CreateBuilder<List<PlanPoint>>();
        foreach (var share in (double[])[0.2, 0.58])
            avenues.Add([.. Enumerable.Range(0, 73).Select(i => PlanPoint.Polar(i * Math.Tau / 72, share * Shore(i * Math.Tau / 72)))]);
        for (var i = 0; i < 8; i++)
        {
            var angle = (i + Jitter(0.2)) * Math.Tau / 8;
            var bend = Jitter(0.25);
            avenues.Add([.. Enumerable.Range(0, 21).Select(step => PlanPoint.Polar(angle + bend * step / 20.0, (0.2 + 0.77 * step / 20.0) * Shore(angle + bend * step / 20.0)))]);
        }

        return avenues.ToImmutable();
    }

    private ImmutableArray<Landmark> Landmarks() =>
    [
        new("Town hall", new PlanPoint(-180, 330)),
        new("Hospital", PlanPoint.Polar(_flow + 2.0, 0.5 * Radius)),
        new("Fire station", PlanPoint.Polar(_flow - 1.9, 0.55 * Radius)),
        new("Ferry", PlanPoint.Polar(_flow + 0.45, 0.975 * Shore(_flow + 0.45))),
    ];

    private double Jitter(double most) => (2 * _random.NextDouble() - 1) * most;
}
