using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Contracts.Messaging;
using Sos.Contracts.Operations;
using Sos.Contracts.Privacy;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;

namespace Sos.Grains.Alerts;

/// <summary>Where each kind of message goes. Every receiver knows doubles by their number.</summary>
internal sealed partial class AlertGrain
{
    private async Task<int> Send(OutboxItem item)
    {
        switch (item.Kind)
        {
            case OutboxKind.NoteUser:
                await GrainFactory.GetGrain<IUserGrain>(item.Target).NoteAlert(Id, _durableEntry!.Status < AlertStatus.Resolved);
                return 0;
            case OutboxKind.Index:
                await List();
                return 0;
            case OutboxKind.Deliver:
                return (await GrainFactory.GetGrain<IResponderGrain>(item.Target).Deliver(item.Delivery!)).Devices;
            case OutboxKind.Confirm:
                await GrainFactory.GetGrain<IResponderGrain>(item.Target).Confirm(Id, item.Version);
                return 0;
            case OutboxKind.Release:
                await GrainFactory.GetGrain<IResponderGrain>(item.Target).Release(Id, item.Version, item.Reason);
                return 0;
            case OutboxKind.Candidates:
                await GrainFactory.GetGrain<ICandidateSetGrain>(CandidateSet.KeyOf(Id, item.Candidates!.Number)).Keep(item.Candidates);
                return 0;
            case OutboxKind.History:
                await GrainFactory.GetGrain<IAlertHistoryGrain>(IAlertHistoryGrain.KeyOf(Id, State.HistorySegments))
                    .Keep([.. State.Timeline.Take(AlertTimeline.SegmentLength)]);
                return 0;
            case OutboxKind.CallStaff:
                return await CallStaff(item);
            case OutboxKind.Audit:
                // Numbers of events are small.
                return checked((int)await BringToAudit(item.Version));
            case OutboxKind.Retention:
                return await File();
            case OutboxKind.Erase:
                await Erase();
                return 0;
            case OutboxKind.Forget:
                await GrainFactory.GetGrain<IResponderGrain>(item.Target).Forget(Id);
                return 0;
            case OutboxKind.Unfile:
                await GrainFactory.GetGrain<IRetentionBucketGrain>(item.Bucket!).Remove(Id);
                return 0;
            case OutboxKind.DropBlob:
                await blobs.Delete(new BlobName(Id, item.Target));
                return 0;
            case OutboxKind.Contacts:
                return await GrainFactory.GetGrain<IContactsGrain>(State.Victim).Tell(Id, item.News, State.Kind);
            default:
                return await GrainFactory.GetGrain<IUserGrain>(item.Target).Text(item.Template, $"{Id:N}/{item.Id}") ? 1 : 0;
        }
    }

    private async Task List()
    {
        var entry = new AlertIndexEntry(Id, State.RaisedAt, _durableEntry!.Status, State.Kind);
        await GrainFactory.GetGrain<IAlertIndexGrain>(AlertIndexKeys.OfUser(State.Victim)).Put(entry);
        await GrainFactory.GetGrain<IAlertIndexGrain>(AlertIndexKeys.OfAreaDay(new AreaId(State.Area), State.RaisedAt)).Put(entry);
    }

    // Operators who are connected; else everybody on call.
    private async Task<int> CallStaff(OutboxItem item)
    {
        var reached = await GrainFactory.GetGrain<IAlertBoardGrain>(State.Area).CallStaff(_durableEntry!);
        if (reached > 0) return reached;
        var sent = await Task.WhenAll(_options.OnCallNumbers.Select(number =>
            sms.Send(new TextMessage(number, AlertOutbox.OnCallText, $"{Id:N}/{item.Id}/{number}"), CancellationToken.None)));
        return sent.Count(taken => taken);
    }

    private async Task<long> Publish(List<int> events)
    {
        var published = State.PublishedSeq;
        var stream = this.GetStreamProvider(StreamNames.Provider).GetStream<AlertStreamItem>(StreamId.Create(StreamNames.Alerts, State.Area));
        var victim = GrainFactory.GetGrain<IUserGrain>(State.Victim);
        var (toVictim, toBoard) = (
            events.Select(i => AlertVisibility.Event(State, Id, i, AlertStanding.Victim)).OfType<AlertEvent>().ToList(),
            events.Select(i => new AlertStreamItem(AlertVisibility.Event(State, Id, i, AlertStanding.Staff)!, _durableEntry!)).ToList());
        try
        {
            var told = Task.WhenAll(toVictim.Select(victim.Tell)).WaitAsync(SendWithin, time);
            foreach (var item in toBoard)
            {
                await stream.OnNextAsync(item);
                published = item.Event.Seq;
            }

            await told;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // Pushes and streams are hints; who missed one pulls it by its number.
            LogNotTaken(logger, e, Id, published, OutboxKind.Deliver, 1);
            published = toBoard.Count > 0 ? toBoard[^1].Event.Seq : published;
        }

        return published;
    }

    private async Task<int> KeepTrack()
    {
        if (_track.Count == 0) return 0;
        var room = ITrackGrain.SegmentLength - State.TrackLength % ITrackGrain.SegmentLength;
        var batch = _track.OrderBy(f => f.At).Take(room).ToImmutableArray();
        try
        {
            if (await HidesRoute())
            {
                _track.Clear();
                return 0;
            }

            await GrainFactory.GetGrain<ITrackGrain>(ITrackGrain.KeyOf(Id, State.TrackLength / ITrackGrain.SegmentLength)).Append(batch).WaitAsync(SendWithin, time);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogNotTaken(logger, e, Id, 0, OutboxKind.History, 1);
            return 0;
        }

        _track.RemoveAll(batch.Contains);
        return batch.Length;
    }
}
