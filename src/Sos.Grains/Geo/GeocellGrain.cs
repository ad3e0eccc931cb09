using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Geo;

/// <summary>Holds the responders of one cell in memory. A new one asks the roster of its area for those who were here, and says for a while that it is warming.</summary>
[GrainType("sos.geo.geocell"), HashBasedPlacement]
internal sealed class GeocellGrain(IOptions<GeoOptions> options, TimeProvider time) : Grain, IGeocellGrain
{
    private GeocellIndex _responders = null!;
    private DateTimeOffset _warmAt;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        if (!GeocellId.TryParse(key, out var cell)) throw new ArgumentException("The key of a cell is its geohash.");
        _responders = new GeocellIndex(cell.Bounds().Centre, options.Value);
        _warmAt = time.GetUtcNow() + options.Value.WarmingFor;
        this.RegisterGrainTimer(Sweep, options.Value.SweepEvery, options.Value.SweepEvery);
        return AskRoster(key);
    }

    /// <inheritdoc/>
    public Task Report(CellEntry entry)
    {
        _responders.Upsert(entry, time.GetUtcNow());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Leave(Guid person, long epoch, long seq)
    {
        _responders.Leave(person, epoch, seq, time.GetUtcNow());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<CellAnswer> Nearest(CellQuery query)
    {
        var now = time.GetUtcNow();
        return Task.FromResult(new CellAnswer(now < _warmAt, _responders.Nearest(query, now)));
    }

    private Task Sweep()
    {
        _responders.Sweep(time.GetUtcNow());
        return Task.CompletedTask;
    }

    // One way: nobody waits for an answer, and the announcements come as calls of their own.
    private async Task AskRoster(string cell)
    {
        if (cell.Length < GeocellId.AreaLength || !AreaId.TryParse(cell[..GeocellId.AreaLength], out var area)) return;
        for (var bucket = 0; bucket < RosterBuckets.Count; bucket++)
        {
            await GrainFactory.GetGrain<IRosterIndexGrain>(RosterBuckets.Key(area, bucket)).Announce(cell);
        }
    }
}
