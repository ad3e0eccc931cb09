using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>The people of one cell who show themselves to relatives; tells its neighbours once a second, one way, who is close to them.</summary>
[GrainType("sos.relatives.sharing-cell"), HashBasedPlacement]
internal sealed class SharingCellGrain(IOptions<ProximityOptions> options, TimeProvider time) : Grain, ISharingCellGrain
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private SharingIndex _people = null!;
    private IGrainTimer? _border;
    private bool _armed;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!GeocellId.TryParse(this.GetPrimaryKeyString(), out var cell)) throw new ArgumentException("The key of a cell is its geohash.");
        _people = new SharingIndex(cell, options.Value);
        this.RegisterGrainTimer(Sweep, SweepEvery, SweepEvery);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RelativeSighting>> Share(SharingEntry entry)
    {
        var now = time.GetUtcNow();
        if (!_people.Put(entry, now)) return Task.FromResult(ImmutableArray<RelativeSighting>.Empty);
        Arm();
        return Task.FromResult(_people.Near(entry, now));
    }

    /// <inheritdoc/>
    public Task Leave(SharingLeave leave)
    {
        _people.Leave(leave, time.GetUtcNow());
        Arm();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Border(SharingBorder border)
    {
        _people.Take(border, time.GetUtcNow());
        Arm();
        return Task.CompletedTask;
    }

    private void Arm()
    {
        if (_armed || !_people.HasNews) return;
        _armed = true;
        _border ??= this.RegisterGrainTimer(TellNeighbours, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _border.Change(options.Value.BorderEvery, Timeout.InfiniteTimeSpan);
    }

    private async Task TellNeighbours()
    {
        _armed = false;
        foreach (var (neighbour, border) in _people.News(time.GetUtcNow())) await GrainFactory.GetGrain<ISharingCellGrain>(neighbour.ToString()).Border(border);
    }

    private Task Sweep()
    {
        _people.Sweep(time.GetUtcNow());
        return Task.CompletedTask;
    }
}
