using Microsoft.Extensions.Logging.Abstractions;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Geo;

namespace Sos.Grains.Tests.Geo;

public sealed class PositionPipelineTests
{
    private static readonly GeoPoint Vienna = new(48.2, 16.37);
    private static readonly GeoPoint Graz = new(47.07, 15.43);
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Seen _seen = new();
    private readonly PositionPipeline _pipeline;

    public PositionPipelineTests() => _pipeline = new PositionPipeline(NullLogger.Instance, new PlausibilityStep(new GeoOptions()), new MotionStep(new GeoOptions()), new Failing(), _seen);

    [Fact]
    public async Task A_step_that_fails_keeps_the_others_from_nothing()
    {
        Assert.Equal(ReportOutcome.Accepted, await Report(Vienna, 0));
        Assert.Equal(Vienna, _seen.Last!.Fix!.Point);
    }

    [Fact]
    public async Task A_jump_that_nobody_makes_is_not_believed_until_the_next_fix_there()
    {
        await Report(Vienna, 0);
        Assert.Equal(ReportOutcome.Implausible, await Report(Graz, 10)); // 145 km in 10 s
        Assert.Equal(ReportOutcome.Accepted, await Report(Vienna, 20));
        Assert.Equal(ReportOutcome.Implausible, await Report(Graz, 30));
        Assert.Equal(ReportOutcome.Accepted, await Report(Graz, 40));
        Assert.Equal((Graz, false), (_seen.Last!.Fix!.Point, _seen.Last.Motion!.Value.IsOneWay));
        Assert.Equal(ReportOutcome.Accepted, await Report(Vienna, 700)); // a fast aeroplane
    }

    [Theory]
    [InlineData(double.NaN, 16)]
    [InlineData(91, 16)]
    [InlineData(48, 181)]
    public async Task Numbers_that_are_no_position_are_a_sign_of_life_and_no_more(double latitude, double longitude)
    {
        Assert.Equal(ReportOutcome.Accepted, await Report(new GeoPoint(latitude, longitude), 0));
        Assert.Null(_seen.Last);
    }

    [Fact]
    public async Task Made_up_positions_and_the_place_of_receivers_without_one_are_not_believed()
    {
        Assert.Equal(ReportOutcome.Implausible, await _pipeline.Run(new PositionWork(new PositionReport(Vienna, null, Now, Mock: true), Now)));
        Assert.Equal(ReportOutcome.Implausible, await Report(new GeoPoint(0, 0), 0));
        Assert.Null(_seen.Last);
    }

    [Fact]
    public async Task A_clock_ahead_is_set_to_ours_and_what_is_older_than_the_newest_or_too_old_is_outdated()
    {
        await _pipeline.Run(new PositionWork(new PositionReport(Vienna, null, Now.AddDays(1)), Now));
        Assert.Equal(Now, _seen.Last!.Fix!.At);
        Assert.Equal(ReportOutcome.Outdated, await Report(Vienna, -1));
        Assert.Equal(ReportOutcome.Outdated, await _pipeline.Run(new PositionWork(new PositionReport(Vienna, null, Now), Now.AddMinutes(31))));
    }

    [Theory]
    [InlineData(60, 3_000, true)]
    [InlineData(60, 5_000, false)] // 300 km/h: more likely two sources than one way
    [InlineData(601, 100, false)] // ten minutes in which she can have been anywhere
    public async Task A_way_is_known_between_fixes_that_are_close_enough(int seconds, double metres, bool known)
    {
        await Report(Vienna, 0);
        await Report(Vienna.Travel(90, Distance.FromMetres(metres)), seconds);
        Assert.Equal(known, _seen.Last!.Motion!.Value.IsOneWay);
    }

    private ValueTask<ReportOutcome> Report(GeoPoint point, int second) => _pipeline.Run(new PositionWork(new PositionReport(point, null, Now.AddSeconds(second)), Now.AddSeconds(Math.Max(0, second))));

    private sealed class Failing : IPositionStep
    {
        public ValueTask<bool> Take(PositionWork work) => throw new InvalidOperationException("A defect.");
    }

    private sealed class Seen : IPositionStep
    {
        public PositionWork? Last { get; private set; }

        public ValueTask<bool> Take(PositionWork work)
        {
            Last = work;
            return ValueTask.FromResult(true);
        }
    }
}
