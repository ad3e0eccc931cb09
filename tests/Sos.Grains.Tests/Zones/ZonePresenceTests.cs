using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;

namespace Sos.Grains.Tests.Zones;

public sealed class ZonePresenceTests
{
    private static readonly GeoPoint Middle = new(48.2, 16.37);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ZonePresence _presence = new();
    private readonly List<ZonePassage> _passages = [];
    private ZoneMap[] _maps = [Map(Circle(500))];
    private PositionFix? _before;

    [Fact]
    public void An_hour_at_the_edge_with_noise_of_30_metres_is_one_entry_and_no_exit()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var (random, noise) = (new Random(seed), new ZonePresence());
            var passages = new List<ZonePassage>();
            PositionFix? before = null;
            for (var second = 0; second < 3_600; second += 5)
            {
                var place = Middle.Travel(90, Distance.FromMetres(500 + 30 * Normal(random))).Travel(0, Distance.FromMetres(30 * Normal(random)));
                var fix = new PositionFix(place, Distance.FromMetres(30), Start.AddSeconds(second));
                noise.Take(fix, before, _maps, passages);
                before = fix;
            }

            Assert.True(passages is [{ Move: ZoneMove.Entered }], $"seed {seed}: {string.Join(", ", passages.Select(p => $"{p.Move} {p.At:T}"))}");
        }
    }

    [Fact]
    public void Two_fixes_in_a_row_leave_and_one_astray_does_not()
    {
        Fix(0, 0);
        Fix(10, 5_000);
        Fix(20, 100);
        Fix(30, 530);
        Fix(40, 620);
        Fix(50, 4_000);
        Assert.Equal([(ZoneMove.Entered, 0), (ZoneMove.Left, 40)], Seen());
    }

    [Fact]
    public void What_is_inside_by_its_own_accuracy_enters_at_once_and_what_may_be_outside_at_the_second_fix()
    {
        Fix(0, 700);
        Fix(10, 480, accuracy: 50);
        Assert.Empty(Seen());
        Fix(20, 470, accuracy: 50);
        var (move, second) = Assert.Single(Seen());
        Assert.Equal(ZoneMove.Entered, move);
        Assert.InRange(second, 8, 10); // where the way from the first fix met the edge
    }

    [Fact]
    public void A_zone_between_two_sparse_fixes_was_crossed_when_enough_of_the_way_lies_inside()
    {
        Fix(0, -1_500);
        Fix(300, 1_500);
        Assert.Equal([(ZoneMove.Crossed, 100)], Seen());

        // A chord of 20 m at the rim is less than the fixes know.
        var rim = 500.0 - 0.1;
        _presence.Forget();
        Take(new PositionFix(At(-1_500, rim), null, Start.AddSeconds(400)));
        Take(new PositionFix(At(1_500, rim), null, Start.AddSeconds(700)));
        Assert.Single(Seen());
    }

    [Fact]
    public void A_way_that_is_not_known_is_not_crossed()
    {
        Take(new PositionFix(At(-1_500, 0), null, Start), follows: false);
        Take(new PositionFix(At(1_500, 0), null, Start.AddMinutes(20)), follows: false);
        Assert.Empty(Seen());
    }

    [Fact]
    public void One_fix_just_inside_and_then_out_again_was_a_crossing_if_the_way_says_so()
    {
        Fix(0, -1_500);
        Take(new PositionFix(At(-495, 0), null, Start.AddSeconds(100))); // 5 m inside, accuracy 10
        Take(new PositionFix(At(-490, 900), null, Start.AddSeconds(200)));
        Assert.Single(Seen(), passage => passage.Move == ZoneMove.Crossed);
    }

    [Fact]
    public void A_fix_that_could_be_anywhere_says_nothing()
    {
        Fix(0, 0, accuracy: 501);
        Assert.Empty(Seen());
        Fix(10, 0, accuracy: 500);
        Fix(20, 0, accuracy: 400);
        Assert.Equal([ZoneMove.Entered], Seen().Select(p => p.Move));
    }

    [Fact]
    public void Of_whom_nothing_is_heard_for_half_an_hour_is_in_no_zone_and_enters_anew()
    {
        Fix(0, 0);
        Fix(1_801, 0);
        Assert.Equal([(ZoneMove.Entered, 0), (ZoneMove.Lapsed, 0), (ZoneMove.Entered, 1_801)], Seen());
    }

    [Fact]
    public void A_zone_that_begins_to_count_while_she_is_inside_is_entered_then_and_ends_with_its_time()
    {
        var evening = new ZoneSchedule("UTC", [new ZoneHours([DayOfWeek.Sunday], new TimeOnly(12, 10), new TimeOnly(12, 20))]);
        _maps = [Map(new MapZone(Guid.NewGuid(), Circle(500).Zone with { Schedule = evening }))];
        for (var second = 0; second <= 1_300; second += 100) Fix(second, 0);
        Assert.Equal([(ZoneMove.Entered, 600), (ZoneMove.Lapsed, 1_200)], Seen());
    }

    [Fact]
    public void A_zone_that_is_taken_away_ends_the_stay_and_one_that_is_changed_goes_on()
    {
        Fix(0, 0);
        var old = _maps[0].Zones[0];
        _maps = [Map(new MapZone(old.Id, old.Zone with { Name = "changed" }))];
        old.Withdrawn = true;
        Fix(10, 0);
        Assert.Equal([(ZoneMove.Entered, 0)], Seen());
        Assert.Equal("changed", _presence.Inside.Single().Zone.Name);
        _maps[0].Zones[0].Withdrawn = true;
        _maps = [ZoneMap.Empty];
        Fix(20, 0);
        Assert.Equal([(ZoneMove.Entered, 0), (ZoneMove.Lapsed, 20)], Seen());
    }

    [Fact]
    public void A_zone_in_two_cells_is_entered_once()
    {
        _maps = [_maps[0], _maps[0], Map(new MapZone(_maps[0].Zones[0].Id, _maps[0].Zones[0].Zone))];
        Fix(0, 0);
        Fix(10, 0);
        Assert.Single(Seen());
    }

    private static MapZone Circle(double metres) => new(Guid.NewGuid(), new ZoneDraft("Docks", "crime", 4, ZoneShape.Circle(Middle, Distance.FromMetres(metres)), ZoneSource.Drawn));

    private static ZoneMap Map(params MapZone[] zones) => new(zones);

    private static GeoPoint At(double east, double north) => Middle.Travel(90, Distance.FromMetres(east)).Travel(0, Distance.FromMetres(north));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private void Fix(int second, double east, double? accuracy = null) =>
        Take(new PositionFix(At(east, 0), accuracy is { } metres ? Distance.FromMetres(metres) : null, Start.AddSeconds(second)));

    private void Take(PositionFix fix, bool follows = true)
    {
        _presence.Take(fix, follows ? _before : null, _maps, _passages);
        _before = fix;
    }

    private IEnumerable<(ZoneMove Move, int Second)> Seen() => _passages.Select(p => (p.Move, (int)Math.Round((p.At - Start).TotalSeconds)));
}
