using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Server.MadeUp;

/// <summary>
/// A responder who does not exist: wanders, is asked through her durable inbox like everybody, answers after a moment, goes, helps.
/// She calls the same grains as the endpoints; a step a second moves her on.
/// </summary>
/// <param name="member">Who she is.</param>
/// <param name="character">Where she strolls, and how she answers.</param>
/// <param name="grains">The service.</param>
/// <param name="random">Chance.</param>
/// <param name="quiet">She is seldom heard of.</param>
internal sealed class MadeUpResponder(CastMember member, ICharacter character, IGrainFactory grains, Random random, bool quiet = false)
{
    private static readonly Speed Strolling = Speed.FromKilometresPerHour(14);
    private static readonly Speed Hurrying = Speed.FromKilometresPerHour(90);

    private readonly IResponderGrain _me = grains.GetGrain<IResponderGrain>(member.Id);
    private readonly List<(DateTimeOffset At, Func<DateTimeOffset, Task> Do)> _agenda = [];
    private GeoPoint _target = character.Stroll(null);
    private DateTimeOffset _moved;
    private DateTimeOffset _reportAt;
    private long _inbox;
    private long _version;

    public CastMember Member => member;

    public GeoPoint Here { get; private set; } = character.Stroll(null);

    /// <summary>The alert that she goes to, or null.</summary>
    public Guid? Alert { get; private set; }

    /// <summary>Goes on duty where she is, also after having been suspended.</summary>
    public async Task GoOnDuty(DateTimeOffset now)
    {
        if ((await _me.SetDuty(new DutyChange(true, 1, Transport.Car))).View is not { } view) return;
        // What was asked before this start has been answered or is over; what is asked again comes again.
        _inbox = Math.Max(_inbox, view.InboxSeq);
        await Report(now);
    }

    /// <summary>Off duty, and out of every cell; what she was asked is forgotten.</summary>
    public async Task GoOffDuty()
    {
        Alert = null;
        _agenda.Clear();
        await _me.SetDuty(new DutyChange(false, null, null));
    }

    /// <summary>Is suddenly somewhere else and goes on duty there; only off duty, since nobody believes a jump.</summary>
    public Task AppearAt(GeoPoint place, DateTimeOffset now)
    {
        (Here, _target, _moved) = (place, place, now);
        return GoOnDuty(now);
    }

    /// <summary>A second of her life.</summary>
    public async Task Step(DateTimeOffset now)
    {
        Move(now);
        if (now >= _reportAt) await Report(now);
        foreach (var item in await _me.Inbox(_inbox))
        {
            _inbox = item.Seq;
            Read(item.Delivery, now);
        }

        foreach (var (at, action) in _agenda.Where(entry => entry.At <= now).ToList())
        {
            // Taken off when it is done: what fails is tried again in the next second.
            await action(now);
            _agenda.Remove((at, action));
        }
    }

    private async Task Report(DateTimeOffset now)
    {
        // The quiet ones show what a position that has not been heard of for a minute looks like.
        _reportAt = now + TimeSpan.FromSeconds(quiet ? 110 + random.Next(60) : 5);
        if (await _me.Report(new PositionReport(Here, Distance.FromMetres(10), now)) == ReportOutcome.OffDuty && random.Next(6) == 0)
            await _me.SetDuty(new DutyChange(true, null, null));
    }

    private void Move(DateTimeOffset now)
    {
        var speed = Alert is null ? Strolling : Hurrying;
        var step = Math.Min(2, (now - _moved).TotalSeconds) * speed.MetresPerSecond;
        _moved = now;
        var left = Here.DistanceTo(_target).Metres;
        if (left > step) Here = new GeoPoint(Here.Latitude + (_target.Latitude - Here.Latitude) * step / left, Here.Longitude + (_target.Longitude - Here.Longitude) * step / left);
        else
        {
            Here = _target;
            if (Alert is null) _target = character.Stroll(Here);
        }
    }

    private void Read(InboxDelivery delivery, DateTimeOffset now)
    {
        switch (delivery.Kind)
        {
            case InboxKind.Offer or InboxKind.Assigned:
                var answer = character.Answer(member.Id, delivery);
                Later(now, 1.5, _ => Acknowledge(delivery.AlertId));
                if (answer is MadeUpAnswer.Accepts or MadeUpAnswer.AcceptsAndGivesUp) Later(now, 5, then => Accept(delivery, answer, then));
                else if (answer == MadeUpAnswer.AcceptsSlowly) Later(now, 12, then => Accept(delivery, answer, then));
                else if (answer == MadeUpAnswer.Declines) Later(now, 5, _ => Respond(delivery.AlertId, ResponderMove.Decline, delivery.Version));
                break;
            case InboxKind.StandDown when delivery.AlertId == Alert:
                End();
                break;
        }
    }

    private Task<AlertOutcome> Acknowledge(Guid alert) => grains.GetGrain<IAlertGrain>(alert).Acknowledge(new ReceiptCommand(member.Id, true));

    private async Task Accept(InboxDelivery delivery, MadeUpAnswer answer, DateTimeOffset now)
    {
        if (Alert is not null || !await Respond(delivery.AlertId, ResponderMove.Accept, delivery.Version)) return;
        Alert = delivery.AlertId;
        if (answer == MadeUpAnswer.AcceptsAndGivesUp) Later(now, 8, GiveUp);
        else Later(now, 3, SetOut);
    }

    private async Task GiveUp(DateTimeOffset now)
    {
        if (Alert is { } alert) await Respond(alert, ResponderMove.Decline, _version);
        End();
    }

    private async Task SetOut(DateTimeOffset now)
    {
        if (Alert is not { } alert) return;
        if (await Respond(alert, ResponderMove.EnRoute, _version)) Later(now, 0, Arrive);
        else End();
    }

    private async Task Arrive(DateTimeOffset now)
    {
        if (Alert is not { } alert) return;
        if (Here.DistanceTo(_target).Metres > 5) Later(now, 0, Arrive);
        else if (await Respond(alert, ResponderMove.OnScene, _version)) Later(now, 25, Finish);
        else End();
    }

    private async Task Finish(DateTimeOffset now)
    {
        if (Alert is { } alert) await Respond(alert, ResponderMove.Resolve, _version);
        End();
    }

    private async Task<bool> Respond(Guid alert, ResponderMove move, long version)
    {
        var outcome = await grains.GetGrain<IAlertGrain>(alert).Respond(new RespondCommand(member.Id, move, version, null, null));
        if (outcome is not { Refusal: AlertRefusal.None }) return false;
        if (outcome.View is { } view)
        {
            _version = view.Version;
            if (view.Position is { } position && move != ResponderMove.Resolve) _target = position.Point;
        }

        return true;
    }

    private void End()
    {
        Alert = null;
        _target = character.Stroll(Here);
    }

    private void Later(DateTimeOffset now, double seconds, Func<DateTimeOffset, Task> action) =>
        _agenda.Add((now + TimeSpan.FromSeconds(seconds * (0.6 + 0.8 * random.NextDouble())), action));
}
