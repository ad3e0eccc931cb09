using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Grains.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Relatives;

/// <summary>Which positions make a trail, how they lie in a record, and when they are over.</summary>
public sealed class TrailRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly GeoPoint Here = new(48.2082, 16.3738);

    [Fact]
    public void Who_moves_is_kept_once_in_half_a_minute_and_who_stays_once_in_five()
    {
        Assert.True(TrailRules.IsWorthKeeping(null, Fix(0)));
        Assert.False(TrailRules.IsWorthKeeping(Fix(0), Fix(29, 400)));
        Assert.True(TrailRules.IsWorthKeeping(Fix(0), Fix(30, 51)));
        Assert.False(TrailRules.IsWorthKeeping(Fix(0), Fix(299, 49)));
        Assert.False(TrailRules.IsWorthKeeping(Fix(0), Fix(299, 80, accuracy: 90))); // it may be the same place
        Assert.True(TrailRules.IsWorthKeeping(Fix(0), Fix(300)));
    }

    [Fact]
    public void Only_what_was_true_while_it_was_kept_after_the_last_deletion_and_not_too_long_ago_is_taken()
    {
        var state = new TrailState();
        Assert.False(TrailRules.Takes(state, Point(0), Start));
        TrailRules.Set(state, new TrailSettings(true, 2), Start);
        TrailRules.Set(state, new TrailSettings(true, 1), Start.AddMinutes(5)); // on already
        Assert.False(TrailRules.Takes(state, Point(-1), Start.AddMinutes(1)));
        Assert.True(TrailRules.Takes(state, Point(0), Start.AddHours(1)));
        Assert.False(TrailRules.Takes(state, Point(0), Start.AddHours(1).AddTicks(1)));
        state.ClearedAt = Start.AddMinutes(10);
        Assert.False(TrailRules.Takes(state, Point(600), Start.AddMinutes(11)));
        Assert.True(TrailRules.Takes(state, Point(601), Start.AddMinutes(11)));
        TrailRules.Set(state, new TrailSettings(false, 1), Start.AddMinutes(20));
        Assert.False(TrailRules.Takes(state, Point(1_201), Start.AddMinutes(21)));
    }

    [Fact]
    public void A_full_hour_is_small_and_reads_as_it_was_written()
    {
        var random = new Random(7);
        var hour = TrailRules.HourOf(Start);
        var points = Enumerable.Range(0, TrailRules.MostOfAnHour).Select(i => new TrailPoint(
            new PositionFix(new GeoPoint(random.NextDouble() * 180 - 90, random.NextDouble() * 360 - 180), i % 3 == 0 ? null : Distance.FromMetres(i), Start.AddMilliseconds(30_000 * i)), SharingSquares.Middle(Here))).ToList();
        var packed = PackedTrail.Pack(points, hour);
        var read = PackedTrail.Unpack(packed, hour);
        Assert.Equal(points.Count, read.Length);
        for (var i = 0; i < points.Count; i++)
        {
            Assert.Equal((points[i].Fix.At, points[i].Fix.Accuracy, points[i].Square), (read[i].Fix.At, read[i].Fix.Accuracy, read[i].Square));
            Assert.InRange(points[i].Fix.Point.DistanceTo(read[i].Fix.Point).Metres, 0, 0.02);
        }

        Assert.InRange(new SosStateSerializer().Serialize(new TrailHourState { Points = packed }).ToMemory().Length, 1, 6 * 1024);
        var state = new TrailState { Enabled = true, KeepHours = 168, Since = Start, ClearedAt = Start, Hours = [.. Enumerable.Range(0, 180).Select(i => hour + i)] };
        Assert.InRange(new SosStateSerializer().Serialize(state).ToMemory().Length, 1, 4 * 1024);
    }

    private static PositionFix Fix(double seconds, double metres = 0, double accuracy = 5) => new(Here.Travel(90, Distance.FromMetres(metres)), Distance.FromMetres(accuracy), Start.AddSeconds(seconds));

    private static TrailPoint Point(double seconds) => new(Fix(seconds), Here);
}
