using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Sos.Contracts.Geo;
using Sos.Contracts.Operations;
using Sos.Contracts.Responders;
using Sos.Grains.Geo;
using Sos.Grains.State;

namespace Sos.Grains.Responders;

/// <summary>
/// One responder: load, ask the rules, write once, then tell the cell. Three parts: clearance, duty and capacity (here), where she is
/// (<c>.Position</c>), and what she is told (<c>.Inbox</c>).
/// </summary>
[GrainType("sos.responder"), PreferLocalPlacement, ImplicitStreamSubscription(StreamNames.Dispatch)]
internal sealed partial class ResponderGrain(
    [PersistentState("responder", StorageNames.Records)] IPersistentState<ResponderState> responder,
    [PersistentState("inbox", StorageNames.Records)] IPersistentState<InboxState> inbox,
    IOptions<ResponderOptions> options,
    IOptions<GeoOptions> geo,
    EpochSource epochs,
    TimeProvider time,
    ILogger<ResponderGrain> logger) : Grain, IResponderGrain
{
    private readonly ResponderOptions _options = options.Value;
    private IGrainTimer? _lapse;

    private ResponderState State => responder.State;

    private Guid Id => this.GetPrimaryKey();

    private DateTimeOffset Now => time.GetUtcNow();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        State.Epoch = epochs.Next(State.Epoch);
        ArmLapse();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ResponderView> Clear(ResponderClearance clearance)
    {
        var leaving = Whereabouts();
        ResponderRules.Clear(State, clearance);
        State.Epoch = epochs.Next(State.Epoch);
        await Write();
        await Moved(leaving);
        return View(Now)!;
    }

    /// <inheritdoc/>
    public async Task<DutyOutcome> SetDuty(DutyChange change)
    {
        if (!State.IsCleared(Now)) return new DutyOutcome(null);
        var leaving = Whereabouts();
        if (ResponderRules.Change(State, change))
        {
            State.Epoch = epochs.Next(State.Epoch);
            await Write();
        }

        await Moved(leaving);
        return new DutyOutcome(View(Now));
    }

    /// <inheritdoc/>
    public async Task<Reservation> TryReserve(Guid alertId, long version)
    {
        var (outcome, changed) = ReservationRules.TryReserve(State, alertId, version, Now, _options);
        if (changed) await WriteCapacity();
        return new Reservation(outcome, State.DisplayName);
    }

    /// <inheritdoc/>
    public async Task Confirm(Guid alertId, long version)
    {
        if (ReservationRules.Confirm(State, alertId, version)) await WriteCapacity();
    }

    /// <inheritdoc/>
    public async Task Release(Guid alertId, long version, ReleaseReason reason)
    {
        if (!State.Known) return;
        if (ReservationRules.Release(State, alertId, version, reason, Now, _options)) await WriteCapacity();

        // A record of its own, so a write of its own; the same release again does what is missing.
        if (reason == ReleaseReason.Completed && InboxRules.Forget(inbox.State, alertId)) await this.WriteOrLeave(inbox);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Guid>> Held()
    {
        if (!State.Known) DeactivateOnIdle();
        var now = Now;
        return Task.FromResult<ImmutableArray<Guid>>([.. State.Reservations.Where(held => !(held.Until <= now)).Select(held => held.AlertId)]);
    }

    /// <inheritdoc/>
    public Task<ResponderView?> View()
    {
        // Whoever asks for people who are none must not fill the memory with them.
        if (!State.Known) DeactivateOnIdle();
        return Task.FromResult(View(Now));
    }

    /// <inheritdoc/>
    public Task<ResponderRecord?> Record() => Task.FromResult(View(Now) is not { } view ? null : new ResponderRecord(
        view, State.LastCell, State.LastCellAt, State.Helped, State.Missed, State.ReachableAt, [.. State.Reservations.Select(r => r.AlertId)], [.. State.Ended.Select(e => e.AlertId)]));

    private ResponderView? View(DateTimeOffset now) => State.View(Id, ShownPosition(now), inbox.State.Seq, now, _options);

    private async Task WriteCapacity()
    {
        await Write();
        ArmLapse();
        await RefreshCell();
    }

    private Task Write() => this.WriteOrLeave(responder);

    // A lapse needs no write: reservations past their time count for nothing. Only the cell has to hear that she is free again.
    private void ArmLapse()
    {
        var now = Now;
        if (State.NextLapse(now) is not { } next) return;
        _lapse ??= this.RegisterGrainTimer(Lapse, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _lapse.Change(next - now, Timeout.InfiniteTimeSpan);
    }

    private Task Lapse()
    {
        ArmLapse();
        return RefreshCell();
    }

    private Task RefreshCell() => State.Serves && EntryAt(Now) is { } entry ? Told(entry) : Task.CompletedTask;

    private async Task Told(CellEntry entry)
    {
        try
        {
            await Enter(entry);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // The cell shows what it knew until her next report, at most 30 s; a reservation is decided here and not there.
            LogCellUnreachable(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A geocell could not be told of a responder.")]
    private partial void LogCellUnreachable(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A roster could not be told of a responder: {Exception}.")]
    private partial void LogRosterUnreachable(string exception);
}
