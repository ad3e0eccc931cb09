using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Grains.Alerts;

namespace Sos.Grains.Tests.Alerts;

/// <summary>The rules of listings and tracks.</summary>
public sealed class AlertIndexRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_cursor_reads_as_it_was_written_and_nothing_else_does()
    {
        var mark = new AlertIndexMark(Start.AddTicks(1_234_567), Guid.CreateVersion7(Start));
        Assert.True(AlertIndexMark.TryParse(mark.ToCursor(), out var read));
        Assert.Equal(mark, read);
        foreach (var text in new[] { null, "", "x", mark.ToCursor() + "AA", mark.ToCursor()[1..], new string('_', 32), "π", new string('A', 5_000) })
        {
            Assert.False(AlertIndexMark.TryParse(text, out _), text);
        }
    }

    [Fact]
    public void Without_a_directory_everything_is_in_segment_0()
    {
        var segments = AlertIndexRules.SegmentsOf(new AlertIndexState());
        Assert.Equal(0, segments.Single().Number);
        Assert.Equal(0, AlertIndexRules.PlaceOf(segments, Start));
        Assert.Null(AlertIndexRules.EndOf(segments, 0));
    }

    [Fact]
    public void A_segment_holds_what_was_raised_from_its_beginning_to_the_next()
    {
        var state = AlertIndexRules.WithSegment(AlertIndexRules.WithSegment(new AlertIndexState(), Start.AddHours(2)), Start.AddHours(1));
        var segments = AlertIndexRules.SegmentsOf(state);

        Assert.Equal([0, 2, 1], segments.Select(s => s.Number));
        Assert.Equal(0, AlertIndexRules.PlaceOf(segments, Start));
        Assert.Equal(1, AlertIndexRules.PlaceOf(segments, Start.AddHours(1)));
        Assert.Equal(1, AlertIndexRules.PlaceOf(segments, Start.AddHours(2).AddTicks(-1)));
        Assert.Equal(2, AlertIndexRules.PlaceOf(segments, Start.AddHours(2)));
        Assert.Equal(Start.AddHours(2), AlertIndexRules.EndOf(segments, 1));
    }

    [Fact]
    public void A_closed_alert_never_opens_again_whatever_order_changes_come_in()
    {
        var raised = Entry(1, AlertStatus.Raised);
        var closed = raised with { Status = AlertStatus.Resolved };
        Assert.Equal([closed], AlertIndexRules.InOrder([raised, closed]));
        Assert.Equal([closed], AlertIndexRules.InOrder([closed, raised]));
        var stored = AlertIndexRules.Merge([], [closed], null)!;
        Assert.Null(AlertIndexRules.Merge(stored, [raised], null));
    }

    [Fact]
    public void The_same_again_costs_no_write()
    {
        var stored = AlertIndexRules.Merge([], [Entry(1, AlertStatus.Raised), Entry(2, AlertStatus.Raised)], null)!;
        Assert.Null(AlertIndexRules.Merge(stored, [Entry(2, AlertStatus.Raised)], null));
        Assert.Null(AlertIndexRules.Merge(stored, [], null));
        Assert.NotNull(AlertIndexRules.Merge(stored, [Entry(2, AlertStatus.Cancelled)], null));
    }

    [Fact]
    public void What_has_moved_to_the_next_segment_is_dropped()
    {
        var stored = AlertIndexRules.Merge([], [.. Enumerable.Range(0, 10).Select(i => Entry(i, AlertStatus.Raised))], null)!;
        var kept = AlertIndexRules.Merge(stored, [], Start.AddSeconds(6))!;
        Assert.Equal(6, kept.Count);
    }

    [Fact]
    public void A_run_stays_inside_its_segment_and_fills_it_at_most()
    {
        ImmutableArray<AlertIndexEntry> entries = [.. Enumerable.Range(0, 500).Select(i => Entry(i, AlertStatus.Raised))];
        Assert.Equal(AlertIndexRules.RotateAt - 100, AlertIndexRules.Run(entries, 0, null, 100).Length);
        Assert.Equal(AlertIndexRules.RunLength, AlertIndexRules.Run(entries, 0, null, AlertIndexRules.RotateAt).Length);
        Assert.Equal(30, AlertIndexRules.Run(entries, 10, Start.AddSeconds(40), 0).Length);
    }

    [Fact]
    public void Alerts_of_one_moment_stay_together()
    {
        Assert.Null(AlertIndexRules.Middle([.. Enumerable.Range(0, 9).Select(i => Entry(i, AlertStatus.Raised) with { RaisedAt = Start })]));
        Assert.Equal(Start.AddSeconds(4), AlertIndexRules.Middle([.. Enumerable.Range(0, 9).Select(i => Entry(i, AlertStatus.Raised))]));
    }

    [Fact]
    public void A_track_takes_each_moment_once_and_in_order()
    {
        var first = TrackRules.Append([], [Fix(3), Fix(1), Fix(3)])!;
        Assert.Equal([1, 3], first.Select(f => (int)(f.At - Start).TotalSeconds));
        Assert.Null(TrackRules.Append(first, [Fix(1)]));
        Assert.Equal([1, 2, 3, 9], TrackRules.Append(first, [Fix(9), Fix(2)])!.Select(f => (int)(f.At - Start).TotalSeconds));
    }

    [Fact]
    public void A_full_track_segment_takes_nothing_more()
    {
        var full = TrackRules.Append([], [.. Enumerable.Range(0, ITrackGrain.SegmentLength).Select(Fix)])!;
        Assert.Equal(ITrackGrain.SegmentLength, full.Count);
        Assert.Null(TrackRules.Append(full, [Fix(9_999)]));
    }

    private static AlertIndexEntry Entry(int second, AlertStatus status) =>
        new(new Guid(second, 0, 0, new byte[8]), Start.AddSeconds(second), status, AlertKind.Other);

    private static PositionFix Fix(int second) => new(new GeoPoint(40, -75), null, Start.AddSeconds(second));
}
