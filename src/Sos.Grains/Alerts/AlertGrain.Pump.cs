using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;

namespace Sos.Grains.Alerts;

/// <summary>
/// Tells the world what is durable: an interleaving timer that reads a snapshot, sends in parallel, and hands the results in by a call
/// to its own alert. A slow receiver holds nobody's command up.
/// </summary>
internal sealed partial class AlertGrain
{
    private const int MostTries = 12;
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TrackWithin = TimeSpan.FromSeconds(10);

    private readonly List<PositionFix> _track = [];
    private IGrainTimer? _pump;
    private bool _pumping;
    private bool _pumpAgain;
    private long _durableSeq;
    private long _durableOutboxId;
    private BoardEntry? _durableEntry;

    public async Task Settle(PumpResults results)
    {
        try
        {
            await Take(results);
        }
        finally
        {
            _pumping = false;
            if (AlertOutbox.NextAt(State, _durableOutboxId, Now) is { } next) StartPump(_pumpAgain ? TimeSpan.Zero : next);
            else if (_pumpAgain || _track.Count > 0) StartPump(_pumpAgain ? TimeSpan.Zero : TrackWithin);
        }
    }

    private async Task Take(PumpResults results)
    {
        var before = (State.Outbox.Count, State.PublishedSeq, State.Seq, State.TrackLength);
        State.PublishedSeq = Math.Max(State.PublishedSeq, results.PublishedSeq);
        State.TrackLength += results.TrackKept;
        AlertOutbox.Settle(State, results, Now, MostTries, LongestPause, item => LogGivenUp(logger, Id, item.Id, item.Kind, item.Tries));
        AlertContacts.Told(State, results.ContactsReached, Now);
        State.EraseAtOnce |= results.EraseAtOnce && State.Tombstone is null;
        if (results.StaffReached is { } reached) State.Add(Now, AlertEventKind.StaffTold, Actor.Service, count: reached);
        var changed = before != (State.Outbox.Count, State.PublishedSeq, State.Seq, State.TrackLength) || results.Failed.Length > 0;
        if (results.StaffReached is not null) await Save();
        else
        {
            // Also before the end: what has been told must be on disk, or every later look at the closed alert tells it again.
            if (changed) WriteSoon(SettleWithin);
            if (!State.IsOpen && AlertOutbox.IsDrained(State)) await Finish();
        }
    }

    private void MarkDurable()
    {
        _durableSeq = State.Seq;
        _durableOutboxId = State.OutboxId;
        _durableEntry = State.Exists ? AlertVisibility.Entry(State, Id) : null;
    }

    private void Track(PositionFix fix)
    {
        _track.Add(fix);
        if (_track.Count == 1 || _track.Count >= 20) StartPump(_track.Count >= 20 ? TimeSpan.Zero : TrackWithin);
    }

    private void StartPump(TimeSpan after = default)
    {
        if (_pumping)
        {
            _pumpAgain = true;
            return;
        }

        if (_pump is null) _pump = this.RegisterGrainTimer(Pump, new GrainTimerCreationOptions(after, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        else _pump.Change(after, Timeout.InfiniteTimeSpan);
    }

    // Busy until its results have been taken in: what is on its way is not sent a second time.
    private async Task Pump()
    {
        if (_pumping) return;
        (_pumping, _pumpAgain) = (true, false);
        PumpResults? results = null;
        try
        {
            results = await SendDue();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever went wrong, it is all still there and is sent again; receivers know doubles by their numbers.
            LogNotTaken(logger, e, Id, 0, OutboxKind.Deliver, 1);
            _pumping = false;
            StartPump(SettleWithin);
            return;
        }
        finally
        {
            _pumping = results is not null;
        }

        if (results is not null) await this.AsReference<IAlertGrain>().Settle(results);
        else if (AlertOutbox.NextAt(State, _durableOutboxId, Now) is { } next) StartPump(next);
    }

    private async Task<PumpResults?> SendDue()
    {
        var now = Now;
        var items = State.Outbox.Where(i => i.Id <= _durableOutboxId && !(i.NextAt > now)).ToList();
        var events = Enumerable.Range(0, State.Timeline.Count).Where(i => State.Timeline[i].Seq > State.PublishedSeq && State.Timeline[i].Seq <= _durableSeq).ToList();
        if (items.Count == 0 && events.Count == 0 && _track.Count == 0) return null;

        var published = Publish(events);
        var tracked = KeepTrack();
        // In order for each person, in parallel between people; nobody waits for the audit.
        var sent = await Task.WhenAll(items.GroupBy(i => (i.Target, i.Kind == OutboxKind.Audit)).Select(SendInOrder));
        var all = sent.SelectMany(s => s).ToList();
        return new PumpResults(
            [.. all.Where(s => s.Taken).Select(s => s.Item.Id)],
            [.. all.Where(s => !s.Taken).Select(s => s.Item.Id)],
            [.. all.Where(s => s is { Taken: true, Item.Kind: OutboxKind.Deliver, Item.Delivery.Kind: InboxKind.Offer or InboxKind.Assigned }).Select(s => new ReachedResponder(s.Item.Target, s.Reached))],
            await published,
            all.Where(s => s is { Taken: true, Item.Kind: OutboxKind.CallStaff }).Select(s => (int?)s.Reached).FirstOrDefault(),
            await tracked,
            all.Where(s => s is { Taken: true, Item: { Kind: OutboxKind.Contacts, News: ContactNews.Raised } }).Sum(s => s.Reached),
            all.Where(s => s is { Taken: true, Item.Kind: OutboxKind.Audit }).Select(s => (long?)s.Reached).FirstOrDefault(),
            all.Exists(s => s is { Taken: true, Item.Kind: OutboxKind.Retention, Reached: > 0 }));
    }

    private async Task<List<Sent>> SendInOrder(IEnumerable<OutboxItem> items)
    {
        var sent = new List<Sent>();
        foreach (var item in items)
        {
            try
            {
                sent.Add(new Sent(item, true, await Send(item).WaitAsync(SendWithin, time)));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it was, it is tried again with the same number; the receiver drops doubles. Later items of the
                // same person wait, so that a stand-down never overtakes the offer it takes back.
                LogNotTaken(logger, e, Id, item.Id, item.Kind, item.Tries + 1);
                sent.Add(new Sent(item, false, 0));
                break;
            }
        }

        return sent;
    }

    private readonly record struct Sent(OutboxItem Item, bool Taken, int Reached);
}
