using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Grains.Geo;

/// <summary>What a search over cells found.</summary>
/// <param name="Hits">Nearest first, each person once, by her newest entry.</param>
/// <param name="WarmingCells">Cells that have not heard of everybody yet, silent ones included: above 0, ask again before looking further away.</param>
/// <param name="FailedCells">Those of them that failed or did not answer in time.</param>
/// <param name="SkippedCells">Cells left out because the circle has too many, which happens only near the poles.</param>
public sealed record NearbyResult(ImmutableArray<CellHit> Hits, int WarmingCells, int FailedCells = 0, int SkippedCells = 0);

/// <summary>Finds the nearest people of a circle: asks its cells at once and puts their answers together. A cell that fails never stops a search.</summary>
public sealed partial class NearbySearch(IGrainFactory grains, TimeProvider time, IOptions<GeoOptions> options, ILogger<NearbySearch> logger)
{
    /// <summary>The nearest within a radius.</summary>
    /// <param name="centre">Where from.</param>
    /// <param name="radius">How far, at most 100 km.</param>
    /// <param name="limit">Most hits, 1 to 200.</param>
    /// <param name="freeOnly">Leaves out responders without free capacity.</param>
    public async Task<NearbyResult> Find(GeoPoint centre, Distance radius, int limit, bool freeOnly = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius.Metres, 100_000);
        var query = new CellQuery(centre, radius, limit, freeOnly);
        var cover = GeocellGrid.Cover(centre, radius);
        var cells = cover.Length <= options.Value.MostCells
            ? cover
            : [.. cover.OrderBy(cell => cell.Bounds().DistanceTo(centre)).Take(options.Value.MostCells)];
        var asked = new Task<CellAnswer?>[cells.Length];
        for (var i = 0; i < asked.Length; i++) asked[i] = Ask(cells[i], query);
        await Settled(asked);

        var answers = new List<CellAnswer>(asked.Length);
        foreach (var task in asked)
        {
            if (task.IsCompleted && await task is { } answer) answers.Add(answer);
        }

        var failed = asked.Length - answers.Count;
        if (failed > 0) LogCellsFailed(failed, asked.Length);
        return new NearbyResult(Merge(answers, limit), failed + answers.Count(a => a.Warming), failed, cover.Length - cells.Length);
    }

    /// <summary>The nearest of several cells' answers. Who has just moved stands in two cells: only her newest entry counts, even where the older is nearer.</summary>
    internal static ImmutableArray<CellHit> Merge(IReadOnlyList<CellAnswer> answers, int limit)
    {
        var newest = new Dictionary<Guid, CellHit>();
        foreach (var hit in answers.SelectMany(answer => answer.Hits))
        {
            if (!newest.TryGetValue(hit.Entry.Person, out var known) || hit.Entry.IsNewerThan(known.Entry.Epoch, known.Entry.Seq)) newest[hit.Entry.Person] = hit;
        }

        return [.. newest.Values.OrderBy(hit => hit.Distance).ThenBy(hit => hit.Entry.Person).Take(limit)];
    }

    private async Task<CellAnswer?> Ask(GeocellId cell, CellQuery query)
    {
        try
        {
            return await grains.GetGrain<IGeocellGrain>(cell.ToString()).Nearest(query);
        }
        catch (Exception e)
        {
            // A search with a hole in it, said to be one, is worth more to somebody in danger than no search, whatever went wrong in the cell.
            LogCellFailed(e.GetType().Name);
            return null;
        }
    }

    private async Task Settled(Task<CellAnswer?>[] asked)
    {
        try
        {
            await Task.WhenAll(asked).WaitAsync(options.Value.SearchDeadline, time);
        }
        catch (TimeoutException)
        {
            // Those who have not answered are counted as failed; their late answers are dropped.
        }
    }

    // No cell id: where somebody looks is where somebody is in danger.
    [LoggerMessage(Level = LogLevel.Warning, Message = "A geocell failed with {Exception}.")]
    private partial void LogCellFailed(string exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Failed} of {Asked} geocells did not answer a search; it counts them as warming.")]
    private partial void LogCellsFailed(int failed, int asked);
}
