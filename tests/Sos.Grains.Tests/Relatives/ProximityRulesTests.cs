using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Grains.Relatives;

namespace Sos.Grains.Tests.Relatives;

public class ProximityRulesTests
{
    private static readonly ProximityOptions Options = new();
    private static readonly GeoPoint Here = new(48.2, 16.37);
    private static readonly DateTimeOffset Start = Family.Now;
    private readonly Acquaintance _known = new();

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    public void An_hour_at_the_edge_of_the_range_with_noise_on_both_sides_is_one_meeting_and_no_parting(double noise)
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var (family, known, moves) = (new Family(seed), new Acquaintance(), new List<NearbyMove>());
            for (var second = 0; second < 3_600; second += 5)
            {
                var (me, her) = (Astray(Here), Astray(Here.Travel(90, Distance.FromMetres(1_000))));
                moves.AddRange(Fix(known, second, me.DistanceTo(her).Metres, me, her, noise));
                GeoPoint Astray(GeoPoint point) => point.Travel(90, Distance.FromMetres(500 + noise * family.Noise())).Travel(270, Distance.FromMetres(500)).Travel(0, Distance.FromMetres(500 + noise * family.Noise())).Travel(180, Distance.FromMetres(500));
            }

            Assert.True(moves is [NearbyMove.Entering, ..] && !moves.Contains(NearbyMove.Exiting), $"seed {seed}: {string.Join(", ", moves)}");
        }
    }

    [Fact]
    public void Near_is_within_a_kilometre_and_gone_is_two_fixes_in_a_row_beyond_it_by_a_margin_and_both_accuracies()
    {
        Assert.Empty(At(0, 1_001));
        Assert.Equal([NearbyMove.Entering], At(20, 999));
        Assert.Empty(At(40, 1_169)); // 1,150 + 10 + 10
        Assert.Empty(At(60, 1_169));
        Assert.Empty(At(80, 1_172));
        Assert.Empty(At(100, 1_100));
        Assert.Empty(At(120, 1_172));
        Assert.Equal([NearbyMove.Exiting], At(140, 1_172));
        Assert.Empty(At(160, 1_100));
        Assert.Equal([NearbyMove.Entering], At(180, 1_000));
    }

    [Fact]
    public void Who_stays_near_is_told_of_again_every_ten_minutes_and_no_sooner()
    {
        var moves = Enumerable.Range(0, 121).SelectMany(i => At(i * 15, 500).Select(move => (Second: i * 15, move))).ToList();
        Assert.Equal([(0, NearbyMove.Entering), (600, NearbyMove.InRange), (1_200, NearbyMove.InRange), (1_800, NearbyMove.InRange)], moves);
    }

    [Fact]
    public void A_relative_who_has_not_reported_since_is_neither_met_again_nor_said_to_be_near_still()
    {
        Assert.Equal([NearbyMove.Entering], At(0, 500));
        Assert.Empty(At(900, 500, heard: 0));
        Assert.Empty(At(920, 3_000, heard: 0));
        Assert.Equal([NearbyMove.Exiting], At(940, 3_000, heard: 0));
        Assert.Empty(At(960, 500, heard: 0));
        Assert.Equal([NearbyMove.Entering], At(980, 500, heard: 970));
    }

    [Fact]
    public void Who_is_told_by_the_others_grain_is_told_once()
    {
        var met = new RelativeMeeting(Guid.NewGuid(), NearbyMove.Entering, Here, SharePrecision.Exact, Distance.FromMetres(10), Start);
        Assert.Null(ProximityRules.Hear(_known, met with { Move = NearbyMove.Exiting, Point = null }, SharePrecision.Exact));
        Assert.Equal(NearbyMove.Entering, ProximityRules.Hear(_known, met with { At = Start.AddSeconds(1) }, SharePrecision.Exact));
        Assert.Null(ProximityRules.Hear(_known, met with { At = Start.AddSeconds(2) }, SharePrecision.Exact));
        Assert.Equal(NearbyMove.Exiting, ProximityRules.Hear(_known, met with { Move = NearbyMove.Exiting, Point = null, At = Start.AddSeconds(3) }, SharePrecision.Exact));
        Assert.Equal(Here, _known.Point);
    }

    [Fact]
    public void A_relative_not_heard_of_for_half_an_hour_is_forgotten()
    {
        At(0, 500);
        Assert.False(ProximityRules.HasLapsed(_known, Start.AddMinutes(30)));
        Assert.True(ProximityRules.HasLapsed(_known, Start.AddMinutes(30).AddTicks(1)));
    }

    private IEnumerable<NearbyMove> At(int second, double metres, int? heard = null) => [.. Fix(_known, second, metres, Here.Travel(90, Distance.FromMetres(metres)), Here, 10, heard)];

    // As the step does it: what the cell has answered, if it is within its reach, and then her own way.
    private static IEnumerable<NearbyMove> Fix(Acquaintance known, int second, double metres, GeoPoint me, GeoPoint her, double accuracy, int? heard = null)
    {
        var seen = new RelativeSighting(Guid.Empty, her, SharePrecision.Exact, Distance.FromMetres(metres), Distance.FromMetres(accuracy), Start.AddSeconds(heard ?? second));
        if (metres <= Options.Reach.Metres && ProximityRules.See(known, seen, SharePrecision.Exact, Start.AddSeconds(second), Options) is { } move) yield return move;
        if (ProximityRules.Move(known, me.DistanceTo(known.Point).Metres, accuracy, Options) is { } moved) yield return moved;
    }
}
