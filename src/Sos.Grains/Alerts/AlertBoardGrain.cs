using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Contracts.Zones;

namespace Sos.Grains.Alerts;

[GrainType("sos.alert-board"), ImplicitStreamSubscription(StreamNames.Alerts)]
internal sealed partial class AlertBoardGrain(TimeProvider time, ILogger<AlertBoardGrain> log)
    : Grain, IAlertBoardGrain, IStreamSubscriptionObserver, IAsyncObserver<AlertStreamItem>
{
    private readonly AlertBoard _board = new();
    private readonly Followers _followers = new(BoardTimes.FollowFor);
    private IGrainTimer? _tending;
    private bool _listed;

    private string Area => this.GetPrimaryKeyString();

    public Task<ImmutableArray<BoardEntry>> Open() => Task.FromResult(_board.InOrder());

    public Task Announce(BoardEntry entry) => Apply(entry);

    public async Task<int> CallStaff(BoardEntry entry)
    {
        await Apply(entry);
        return _followers.At(time.GetUtcNow()).Count;
    }

    public async Task Crowd(ZoneCrowd crowd)
    {
        foreach (var follower in _followers.At(time.GetUtcNow())) await GrainFactory.GetGrain<IOperatorGrain>(follower).CrowdSeen(crowd);
    }

    public Task Follow(Guid operatorId, bool connected)
    {
        _followers.Follow(operatorId, connected, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<AlertStreamItem>().ResumeAsync(this);

    public Task OnNextAsync(AlertStreamItem item, StreamSequenceToken? token = null) => Apply(item.Entry);

    public Task OnErrorAsync(Exception ex)
    {
        // Entries that the stream lost come with the next event, announcement or sweep; the board is never a place of truth.
        LogStreamTrouble(Area, ex);
        return Task.CompletedTask;
    }

    private async Task Apply(BoardEntry entry)
    {
        if (!_board.Apply(entry)) return;
        Tend();
        foreach (var follower in _followers.At(time.GetUtcNow()))
        {
            await GrainFactory.GetGrain<IOperatorGrain>(follower).BoardChanged(entry);
        }
    }

    /// <summary>While an alert is open its board stays in memory, and it gets itself listed, once.</summary>
    private void Tend() => _tending ??= this.RegisterGrainTimer(
        Tick, new GrainTimerCreationOptions(TimeSpan.Zero, BoardTimes.RetryListing) { Interleave = true, KeepAlive = true });

    private async Task Tick()
    {
        if (!_listed)
        {
            await GrainFactory.GetGrain<IAreaIndexGrain>(AreaIndexKeys.ShardOf(Area)).Add(Area);
            await GrainFactory.GetGrain<IAreaIndexGrain>(AreaIndexKeys.Root).Add(Area);
            _listed = true;
        }

        if (_board.Count > 0) return;
        _tending?.Dispose();
        _tending = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The alerts stream of area {Area} reported trouble")]
    private partial void LogStreamTrouble(string area, Exception trouble);
}
