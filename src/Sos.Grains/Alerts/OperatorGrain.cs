using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Utilities;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Operations;
using Sos.Contracts.Zones;

namespace Sos.Grains.Alerts;

[GrainType("sos.operator"), PreferLocalPlacement]
internal sealed class OperatorGrain(TimeProvider time, ILogger<OperatorGrain> log) : Grain, IOperatorGrain
{
    private const string EveryArea = "*";
    private readonly ObserverManager<IDeviceObserver> _devices = new(BoardTimes.FollowFor, log) { GetDateTime = () => time.GetUtcNow().UtcDateTime };
    private ImmutableSortedSet<string> _areas = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);
    private ImmutableSortedSet<string> _followed = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);
    private IGrainTimer? _renewing;

    private Guid Id => this.GetPrimaryKey();

    public async Task<ImmutableArray<BoardEntry>> Board(ImmutableArray<string> areas)
    {
        var boards = await BoardsOf(Readable(areas));
        var open = await Task.WhenAll(boards.Select(area => GrainFactory.GetGrain<IAlertBoardGrain>(area).Open()));
        return AlertBoard.InOrder(open.SelectMany(entries => entries));
    }

    public async Task Follow(IDeviceObserver observer, ImmutableArray<string> areas)
    {
        var isNew = !_devices.Observers.ContainsKey(observer);
        _devices.Subscribe(observer, observer);
        var wanted = Readable(areas);
        if (!isNew && _renewing is not null && _areas.SetEquals(wanted)) return;
        _areas = wanted;
        _renewing ??= this.RegisterGrainTimer(
            Renew, new GrainTimerCreationOptions(BoardTimes.RenewEvery, BoardTimes.RenewEvery) { Interleave = true, KeepAlive = true });
        await Renew();
    }

    public Task BoardChanged(BoardEntry entry)
    {
        if (Sees(entry.Area)) return _devices.Notify(device => device.BoardChanged(Id, entry));
        return Task.CompletedTask;
    }

    public Task CrowdSeen(ZoneCrowd crowd) => Sees(crowd.Area) ? _devices.Notify(device => device.CrowdSeen(Id, crowd)) : Task.CompletedTask;

    public async Task AreaStarted(string area)
    {
        if (!_areas.Contains(EveryArea)) return;
        var board = GrainFactory.GetGrain<IAlertBoardGrain>(area);
        _followed = _followed.Add(area);
        await board.Follow(Id, connected: true);

        // What happened before this board was followed.
        foreach (var entry in await board.Open()) await BoardChanged(entry);
    }

    /// <summary>Tells the boards that she is still there, or has gone, and leaves those that are no longer hers.</summary>
    private async Task Renew()
    {
        _devices.ClearExpired();
        var connected = _devices.Count > 0;
        var boards = connected ? await BoardsOf(_areas) : [];
        var left = _followed.Except(boards);
        _followed = boards;
        if (!connected)
        {
            _renewing?.Dispose();
            _renewing = null;
        }

        await Task.WhenAll(
        [
            GrainFactory.GetGrain<IAreaIndexGrain>(AreaIndexKeys.Root).Follow(Id, connected && _areas.Contains(EveryArea)),
            .. boards.Select(area => GrainFactory.GetGrain<IAlertBoardGrain>(area).Follow(Id, connected: true)),
            .. left.Select(area => GrainFactory.GetGrain<IAlertBoardGrain>(area).Follow(Id, connected: false)),
        ]);
    }

    /// <summary>Boards of areas; "*" is every area that has ever had an alert. Alerts without a position are everybody's.</summary>
    private async Task<ImmutableSortedSet<string>> BoardsOf(ImmutableSortedSet<string> areas)
    {
        if (!areas.Contains(EveryArea)) return areas.Add(AreaId.None.Value);
        var shards = await GrainFactory.GetGrain<IAreaIndexGrain>(AreaIndexKeys.Root).List();
        var listed = await Task.WhenAll(shards.Select(shard => GrainFactory.GetGrain<IAreaIndexGrain>(shard).List()));
        return Ordered(listed.SelectMany(areasOfShard => areasOfShard).Append(AreaId.None.Value));
    }

    /// <summary>Only what is an area becomes a grain key.</summary>
    private static ImmutableSortedSet<string> Readable(ImmutableArray<string> areas) =>
        Ordered(areas.Where(area => area == EveryArea || AreaId.TryParse(area, out _)));

    private static ImmutableSortedSet<string> Ordered(IEnumerable<string> areas) => areas.ToImmutableSortedSet(StringComparer.Ordinal);

    private bool Sees(string area) => area == AreaId.None.Value || _areas.Contains(EveryArea) || _areas.Contains(area);
}
