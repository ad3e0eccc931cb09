using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Alerts;

[GrainType("sos.alert-index")]
internal sealed class AlertIndexGrain([PersistentState("index", StorageNames.Records)] IPersistentState<AlertIndexState> index) : Grain, IAlertIndexGrain
{
    private const int LongestPage = 200;
    private readonly Dictionary<int, AlertIndexFill> _fills = [];
    private Batch _collecting = new();
    private Task _lastWrite = Task.CompletedTask;
    private bool _doubtful;

    private ImmutableArray<AlertIndexSegment> Segments => AlertIndexRules.SegmentsOf(index.State);

    // Puts interleave; while one batch is being written the next collects, so that a busy area costs one write for many alerts.
    public async Task Put(AlertIndexEntry entry)
    {
        var mine = _collecting;
        mine.Entries.Add(entry);
        await _lastWrite;
        if (mine.Writing is null)
        {
            _collecting = new Batch();
            mine.Writing = Write(AlertIndexRules.InOrder(mine.Entries));

            // Ends when the write does, also when it fails: those who wait for the batch see the failure.
            _lastWrite = Task.WhenAny(mine.Writing);
        }

        await mine.Writing;
    }

    public async Task<AlertIndexPage> Page(string? cursor, int limit)
    {
        limit = Math.Clamp(limit, 1, LongestPage);
        AlertIndexMark? before = AlertIndexMark.TryParse(cursor, out var mark) ? mark : null;
        var found = new List<AlertIndexEntry>(limit + 1);
        AlertIndexState read;
        do
        {
            read = index.State;
            found.Clear();
            await Collect(AlertIndexRules.SegmentsOf(read), before, limit + 1, found);
        }
        while (!ReferenceEquals(read, index.State)); // a segment was divided while its entries were read

        return found.Count <= limit
            ? new AlertIndexPage([.. found], null)
            : new AlertIndexPage([.. found.Take(limit)], AlertIndexMark.Of(found[limit - 1]).ToCursor());
    }

    // The list of segments goes last: a kill in between leaves what is needed to go on.
    public async Task Erase()
    {
        await _lastWrite;
        foreach (var listed in Segments) await Segment(listed.Number).Erase();
        if (index.RecordExists) await this.ClearOrLeave(index);
        _fills.Clear();
        DeactivateOnIdle();
    }

    private async Task Collect(ImmutableArray<AlertIndexSegment> segments, AlertIndexMark? before, int count, List<AlertIndexEntry> found)
    {
        var place = before is { } mark ? AlertIndexRules.PlaceOf(segments, mark.RaisedAt) : segments.Length - 1;
        for (; place >= 0 && found.Count < count; place--)
        {
            var entries = await Segment(segments[place].Number).Read();
            found.AddRange(AlertIndexRules.Before(entries, before, segments, place).Take(count - found.Count));
        }
    }

    private async Task Write(ImmutableArray<AlertIndexEntry> entries)
    {
        try
        {
            if (_doubtful) await Reload();
            for (var done = 0; done < entries.Length;)
            {
                var place = await PlaceFor(entries[done].RaisedAt);
                var run = AlertIndexRules.Run(entries, done, AlertIndexRules.EndOf(Segments, place), await FillOf(place));
                var fill = await Merge(place, run);
                if (fill > AlertIndexRules.DivideAt) await Divide(place);
                done += run.Length;
            }
        }
        catch
        {
            _doubtful = true;
            DeactivateOnIdle();
            throw;
        }
    }

    // What was written is unknown after a failure, and calls that interleave still reach this activation.
    private async Task Reload()
    {
        await index.ReadStateAsync();
        _fills.Clear();
        _doubtful = false;
    }

    private async Task<int> PlaceFor(DateTimeOffset raisedAt)
    {
        var place = AlertIndexRules.PlaceOf(Segments, raisedAt);
        var isNewest = place == Segments.Length - 1;
        if (!isNewest || await FillOf(place) < AlertIndexRules.RotateAt || !(raisedAt > _fills[Segments[place].Number].Newest)) return place;
        await AddSegment(raisedAt);
        return place + 1;
    }

    private async Task<int> FillOf(int place) =>
        _fills.TryGetValue(Segments[place].Number, out var fill) ? fill.Count : await Merge(place, []);

    private async Task<int> Merge(int place, ImmutableArray<AlertIndexEntry> entries)
    {
        var number = Segments[place].Number;
        var fill = await Segment(number).Merge(entries, AlertIndexRules.EndOf(Segments, place));
        _fills[number] = fill;
        return fill.Count;
    }

    /// <summary>Copies the upper half into a segment of its own, lists that, then drops it here: a crash in between loses nothing and doubles nothing.</summary>
    private async Task Divide(int place)
    {
        var entries = await Segment(Segments[place].Number).Read();
        if (AlertIndexRules.Middle(entries) is not { } middle) return;
        var number = AlertIndexRules.WithSegment(index.State, middle).Segments.Max(s => s.Number);
        await Segment(number).Merge([.. entries.Where(e => e.RaisedAt >= middle)], AlertIndexRules.EndOf(Segments, place));
        await AddSegment(middle);
        await Merge(place, []);
    }

    private async Task AddSegment(DateTimeOffset from)
    {
        var present = index.State;
        index.State = AlertIndexRules.WithSegment(present, from);
        try
        {
            await index.WriteStateAsync();
        }
        catch
        {
            index.State = present;
            throw;
        }
    }

    private IAlertIndexSegmentGrain Segment(int number) =>
        GrainFactory.GetGrain<IAlertIndexSegmentGrain>(string.Create(CultureInfo.InvariantCulture, $"{this.GetPrimaryKeyString()}#{number}"));

    private sealed class Batch
    {
        public List<AlertIndexEntry> Entries { get; } = [];

        public Task? Writing { get; set; }
    }
}
