using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Messaging;
using Sos.Contracts.Operations;
using Sos.Contracts.Privacy;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Dispatch;
using Sos.Grains.Geo;
using Sos.Grains.Privacy;

namespace Sos.Grains.Alerts;

/// <summary>
/// The life of one emergency: load, ask the rules, write once, then tell. Five parts: commands (here), photos and recordings (<c>.Attachments</c>),
/// what time brings (<c>.Due</c>), the pump that tells the world (<c>.Pump</c>), and what remains after the close (<c>.Retention</c>).
/// </summary>
[GrainType("sos.alert")]
internal sealed partial class AlertGrain(
    [PersistentState("alert", StorageNames.Records)] IPersistentState<AlertState> storage,
    NearbySearch nearby,
    ISmsGateway sms,
    AlertRevival revival,
    ITombstoneSigner signer,
    IBlobStore blobs,
    IOptions<DispatchOptions> dispatch,
    IOptions<PrivacyOptions> privacy,
    IOptions<AttachmentOptions> attachments,
    TimeProvider time,
    ILogger<AlertGrain> logger) : Grain, IAlertGrain, IRemindable
{
    private readonly DispatchOptions _options = dispatch.Value;

    private AlertState State => storage.State;

    private Guid Id => this.GetPrimaryKey();

    private DateTimeOffset Now => time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        MarkDurable();
        if (State.Exists)
        {
            Arm();
            StartPump();
        }

        return Task.CompletedTask;
    }

    public async Task<RaiseOutcome> Raise(RaiseCommand command)
    {
        if (AlertRules.Known(State, command) is { } known)
        {
            // A replay proves that the caller has not seen our answer; the reminder may be what was lost with it.
            if (known == RaiseResult.Replayed && State.IsOpen) await EnsureReminder();
            return new RaiseOutcome(known, known == RaiseResult.Foreign ? null : ViewFor(AlertStanding.Victim));
        }

        await EnsureReminder();
        AlertRules.Raise(State, command, Now, _options);
        await Save();
        return new RaiseOutcome(RaiseResult.Created, ViewFor(AlertStanding.Victim));
    }

    public Task<AlertOutcome> Append(AppendCommand command)
    {
        if (command.Position is { } fix && State.IsOpen && State.Victim == command.Victim) Track(fix);
        return Carry(AlertStanding.Victim, () => AlertRules.Append(State, Id, command, Now), urgent: command.IsPress || command.Key is not null || command.Note is not null);
    }

    public Task<AlertOutcome> Cancel(CancelCommand command) => Carry(AlertStanding.Victim, () => AlertRules.Cancel(State, Id, command, Now));

    public async Task<AlertOutcome> Respond(RespondCommand command)
    {
        var refusal = ResponderMoves.Check(State, command);
        if (refusal != AlertRefusal.None || ResponderMoves.IsDone(State, command)) return Answer(refusal, StandingOf(command.Responder));
        if (State.Repeated(command.Key) is not null) return Answer(AlertRefusal.None, StandingOf(command.Responder));
        if (command.Move == ResponderMove.Accept)
        {
            var reservation = await GrainFactory.GetGrain<IResponderGrain>(command.Responder).TryReserve(Id, State.NextVersion);
            if (Refused(reservation) is { } refused) return Answer(refused, StandingOf(command.Responder));
            ResponderMoves.Accept(State, Id, command.Responder, reservation.DisplayName, Now, _options);
        }
        else if (command.Move == ResponderMove.Decline) ResponderMoves.Decline(State, command, Now);
        else ResponderMoves.Advance(State, Id, command, Now);

        State.Remember(command.Key, Now);
        await Save();
        return new AlertOutcome(AlertRefusal.None, ViewFor(State.IsOpen && State.Holder?.Responder == command.Responder ? AlertStanding.Rescuer : AlertStanding.Asked));
    }

    public Task<AlertOutcome> Acknowledge(ReceiptCommand command)
    {
        if (State.OfferOf(command.Responder) is null) return Task.FromResult(Answer(AlertRefusal.NotFound, AlertStanding.Stranger));
        if (State.IsOpen && ResponderMoves.Acknowledge(State, command, Now)) WriteSoon();
        return Task.FromResult(Answer(AlertRefusal.None, StandingOf(command.Responder)));
    }

    public async Task<AlertOutcome> Direct(StaffCommand command)
    {
        var refusal = StaffMoves.Check(State, command);
        if (refusal != AlertRefusal.None || State.Repeated(command.Key) is not null) return Answer(refusal, AlertStanding.Staff);
        if (command.Move == StaffMove.Assign)
        {
            if (await AssignByHand(command) is { } refused) return Answer(refused, AlertStanding.Staff);
        }
        else StaffMoves.Apply(State, Id, command, Now, _options);

        State.Remember(command.Key, Now);
        await Save();
        return Answer(AlertRefusal.None, AlertStanding.Staff);
    }

    public Task<AlertView?> View(AlertReader reader)
    {
        if (!State.Exists) DeactivateOnIdle();
        return Task.FromResult(ViewFor(AlertVisibility.Of(State, reader)));
    }

    public Task<FollowedAlert?> Follow(Guid victim)
    {
        if (!State.Exists) DeactivateOnIdle();
        return Task.FromResult(AlertContacts.Follow(State, victim, Now));
    }

    public async Task<AlertEventPage?> Events(AlertReader reader, long after, int limit)
    {
        if (!State.Exists) DeactivateOnIdle();
        var standing = AlertVisibility.Of(State, reader);
        if (standing == AlertStanding.Stranger) return null;
        var events = new List<AlertEvent>();
        for (var segment = (int)(after / AlertTimeline.SegmentLength); State.Tombstone is null && segment < State.HistorySegments && events.Count <= limit; segment++)
        {
            var kept = await GrainFactory.GetGrain<IAlertHistoryGrain>(IAlertHistoryGrain.KeyOf(Id, segment)).Read();
            events.AddRange(AlertVisibility.Cut(kept.Where(e => e.Seq > after), Id, standing));
        }

        for (var i = 0; i < State.Timeline.Count && events.Count <= limit; i++)
        {
            if (State.Timeline[i].Seq > after && State.Timeline[i].Seq <= _durableSeq && AlertVisibility.Event(State, Id, i, standing) is { } e) events.Add(e);
        }

        var page = events.Take(limit).ToImmutableArray();
        return new AlertEventPage(page, page.Length == 0 ? after : page[^1].Seq, events.Count > limit, State.Tombstone is not null);
    }

    // Ask the rule, write once, answer. A refusal that is None without a change (a repeat) costs no write.
    private async Task<AlertOutcome> Carry(AlertStanding standing, Func<AlertRefusal> rule, bool urgent = true)
    {
        var before = State.Seq + State.OutboxId;
        var refusal = rule();
        if (refusal == AlertRefusal.None && State.Seq + State.OutboxId != before)
        {
            if (urgent) await Save();
            else WriteSoon();
        }

        return Answer(refusal, standing);
    }

    private async Task<AlertRefusal?> AssignByHand(StaffCommand command)
    {
        var responder = command.Responder!.Value;
        await ReadSeparations();
        if (Apart.Contains(responder)) return AlertRefusal.Excluded;
        var grain = GrainFactory.GetGrain<IResponderGrain>(responder);
        var reservation = await grain.TryReserve(Id, State.NextVersion);
        if (Refused(reservation) is { } refused) return refused;
        var view = await grain.View();
        var chosen = StaffMoves.ByHand(State, responder, view?.Position, view?.Transport ?? Transport.Walk, _options);
        DispatchMoves.Assign(State, Id, chosen, reservation.DisplayName, Actor.Staff, command.Staff, command.Reason, Now, _options);
        return null;
    }

    private static AlertRefusal? Refused(Reservation reservation) => reservation.Outcome switch
    {
        ReservationOutcome.Reserved => null,
        ReservationOutcome.AtCapacity => AlertRefusal.AtCapacity,
        ReservationOutcome.Superseded => AlertRefusal.Stale,
        _ => AlertRefusal.OffDuty,
    };

    private AlertStanding StandingOf(Guid user) => AlertVisibility.Of(State, new AlertReader(user, false, []));

    private AlertOutcome Answer(AlertRefusal refusal, AlertStanding standing) =>
        refusal == AlertRefusal.NotFound ? AlertOutcome.NotFound : new AlertOutcome(refusal, ViewFor(standing));

    private AlertView? ViewFor(AlertStanding standing)
    {
        var view = AlertVisibility.View(State, Id, standing, _options.Rings);
        return standing == AlertStanding.Victim && view is not null ? AlertRetention.Tell(State, view, privacy.Value.Retention) : view;
    }
}
