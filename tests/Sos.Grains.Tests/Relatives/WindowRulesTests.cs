using Sos.Contracts.Relatives;
using Sos.Grains.Relatives;

namespace Sos.Grains.Tests.Relatives;

/// <summary>What a relative sees of a trail, against a reference that knows no spans: it remembers how everything stood at every moment.</summary>
public sealed class WindowRulesTests
{
    private const int Stories = 60;
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ben = Guid.CreateVersion7(Start);

    [Fact]
    public void In_any_story_of_sharing_pausing_blocking_and_windows_a_relative_sees_just_what_the_reference_allows()
    {
        var (exact, squares, full) = (0, 0, 0);
        for (var seed = 1; seed <= Stories; seed++)
        {
            var story = new WindowStory(seed);
            for (var step = 0; step < 40; step++)
            {
                story.Step();
                var (seen, allowed) = (story.Seen(), story.Allowed());
                if (story.IsFull)
                {
                    // Spans that have fallen out are seen no more; nothing else is.
                    full++;
                    Assert.True(seen.Where(place => place.Precision == SharePrecision.Exact).All(allowed.Contains) && seen.Length <= allowed.Length, $"seed {seed}, step {step}");
                    continue;
                }

                Assert.True(seen.SequenceEqual(allowed), $"seed {seed}, step {step}: {seen.Length} seen, {allowed.Length} allowed, the first other one {seen.Zip(allowed).FirstOrDefault(pair => pair.First != pair.Second)}");
                exact += seen.Count(place => place.Precision == SharePrecision.Exact);
                squares += seen.Count(place => place.Precision == SharePrecision.Approximate);
            }
        }

        Assert.True(exact > 3_000 && squares > 1_000 && full is > 0 and < 300, $"Too little to mean anything: {exact} points, {squares} squares, {full} looks at a full list.");
    }

    [Fact]
    public void A_wider_window_shows_nothing_at_once_that_the_narrower_did_not()
    {
        var (state, entry) = Active();
        Share(state, entry, TrailWindow.Hour, 0);
        Share(state, entry, TrailWindow.Week, 300);
        Assert.Equal(Start.AddMinutes(240), entry.Spans.Single().From);
        Share(state, entry, TrailWindow.None, 310);
        Assert.Empty(entry.Spans);
    }

    [Fact]
    public void A_window_that_is_given_anew_begins_anew_and_a_pause_is_a_gap()
    {
        var (state, entry) = Active();
        Share(state, entry, TrailWindow.Day, 0);
        entry.Paused = true;
        WindowRules.Settle(state, [], true, Start.AddMinutes(10));
        entry.Paused = false;
        WindowRules.Settle(state, [], true, Start.AddMinutes(20));
        Assert.Equal([(0, 10), (20, null)], entry.Spans.Select(Minutes));
        SharingRules.Share(state, entry.Id, new RelativeSharing(false, null, SharePrecision.Exact), Start.AddMinutes(30));
        WindowRules.Settle(state, [], true, Start.AddMinutes(30));
        Assert.Equal((20, 30), Minutes(entry.Spans[^1])); // whoever saw her last before that goes on seeing it until it is too old
        Share(state, entry, TrailWindow.Day, 40);
        Assert.Equal([(40, null)], entry.Spans.Select(Minutes));
    }

    [Fact]
    public void Sharing_that_has_ended_by_itself_has_ended_then_however_late_that_is_looked_at()
    {
        var (state, entry) = Active();
        Share(state, entry, TrailWindow.Day, 0, until: 60);
        WindowRules.Settle(state, [], true, Start.AddMinutes(90));
        Assert.Equal((0, 60), Minutes(entry.Spans.Single()));
    }

    private static (int From, int? To) Minutes(ShareSpan span) => ((int)(span.From - Start).TotalMinutes, span.To is { } to ? (int)(to - Start).TotalMinutes : null);

    private static void Share(RelativesState state, RelationEntry entry, TrailWindow window, int minute, int? until = null)
    {
        var now = Start.AddMinutes(minute);
        Assert.Equal(RelativeRefusal.None, SharingRules.Share(state, entry.Id, new RelativeSharing(true, until is { } end ? Start.AddMinutes(end) : null, SharePrecision.Exact, window), now));
        WindowRules.Settle(state, [], true, now);
    }

    private static (RelativesState State, RelationEntry Entry) Active()
    {
        var entry = new RelationEntry { Id = Guid.CreateVersion7(Start), Person = Ben, State = RelationState.Active };
        return (new RelativesState { Sharing = true, Relations = { entry } }, entry);
    }
}
