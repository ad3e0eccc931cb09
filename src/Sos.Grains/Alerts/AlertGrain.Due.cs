using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Responders;
using Sos.Grains.Dispatch;

namespace Sos.Grains.Alerts;

/// <summary>What time brings: the wave, the assignment at 30 s, answers that do not come. Three nets: this timer, the sweep's ping, the reminder.</summary>
internal sealed partial class AlertGrain
{
    private const string ReminderName = "open";
    private const int MostFound = 64;
    private const int MostReservations = 8;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StrayReminder = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RegisterWithin = TimeSpan.FromSeconds(1);

    /// <summary>Receipts and bookkeeping wait this long for a write that comes anyway.</summary>
    private static readonly TimeSpan WriteWithin = TimeSpan.FromMilliseconds(250);

    private IGrainTimer? _due;
    private DateTimeOffset? _writeAt;
    private bool _hasReminder;

    public async Task Ping()
    {
        if (State.IsOpen)
        {
            await GrainFactory.GetGrain<IAlertBoardGrain>(State.Area).Announce(AlertVisibility.Entry(State, Id));
            await Advance();
            await KeepApart();
        }
        else await Finish();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (State.IsOpen)
        {
            _hasReminder = true;
            await Advance();
            await KeepApart();
        }
        else if (State.Exists) await Finish();
        else if (status.CurrentTickTime - status.FirstTickTime > StrayReminder) await Unregister();
        else DeactivateOnIdle();
    }

    // Registered before the write: a stray reminder is harmless, a missing one is not. An alert is taken all the same when
    // the table does not answer within a second; the timer and the sweep hold it until the pump has registered it.
    private async Task EnsureReminder()
    {
        if (_hasReminder) return;
        try
        {
            await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod).WaitAsync(RegisterWithin, time);
            _hasReminder = true;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or ReminderException)
        {
            LogReminderLate(e);
        }
    }

    // Lets pass what is over and does what is due, one write after another, until nothing is due any more.
    private async Task Advance()
    {
        while (true)
        {
            if (AlertDue.Pass(State, Id, Now, _options)) await Save();
            if (State.DueAt <= Now) await Assign();
            else if (State.NextWaveAt <= Now) await AskWave();
            else break;
        }

        if (_writeAt <= Now) await Save();
        Arm();
    }

    private async Task AskWave()
    {
        var found = await Search();
        var ranked = DispatchRules.Rank(State, found.Hits, Apart, false, Now, _options);
        var wave = DispatchRules.Wave(ranked, _options);
        if (wave.IsEmpty) DispatchMoves.FoundNobody(State, false, found.WarmingCells, Now, _options);
        else DispatchMoves.AskWave(State, Id, ranked, wave, found.WarmingCells, Now, _options);
        await Save();
    }

    private async Task Assign()
    {
        var found = await Search();
        var ranked = DispatchRules.Rank(State, found.Hits, Apart, true, Now, _options);
        var unknown = new List<Guid>();
        foreach (var candidate in ranked.Where(DispatchRules.MayBeAsked).Take(MostReservations).ToList())
        {
            var reservation = await Reserve(candidate.Responder);
            if (reservation is not { Outcome: ReservationOutcome.Reserved })
            {
                if (reservation is null) unknown.Add(candidate.Responder);
                ranked = ranked.Replace(candidate, candidate with { Reason = "refused-reservation" });
                continue;
            }

            Forget(unknown);
            DispatchRules.Keep(State, ranked, [candidate], "assignment", found.WarmingCells, Now, _options);
            DispatchMoves.Assign(State, Id, candidate, reservation.DisplayName, Actor.Service, null, null, Now, _options);
            await Save();
            return;
        }

        Forget(unknown);
        DispatchMoves.FoundNobody(State, true, found.WarmingCells, Now, _options);
        await Save();
    }

    private void Forget(List<Guid> unknown) => unknown.ForEach(responder => State.Release(responder, State.NextVersion, ReleaseReason.StoodDown));

    private async Task<Reservation?> Reserve(Guid responder)
    {
        try
        {
            return await GrainFactory.GetGrain<IResponderGrain>(responder).TryReserve(Id, State.NextVersion);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // Unknown outcome: the next is tried, and this one is given back by the outbox.
            LogReservationUnknown(e);
            return null;
        }
    }

    // One write; what it holds is told only after it. After any failure the record in memory is not to be trusted.
    private async Task Save()
    {
        State.Version++;
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            revival.Schedule(Id);
            throw;
        }

        _writeAt = null;
        MarkDurable();
        Arm();
        StartPump();
    }

    private void WriteSoon(TimeSpan? within = null)
    {
        _writeAt ??= Now + (within ?? WriteWithin);
        Arm();
    }

    private void Arm()
    {
        var next = AlertDue.Next(State, _options);
        if (_writeAt is { } write && !(next <= write)) next = write;
        if (next is null)
        {
            _due?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = next.Value > Now ? next.Value - Now : TimeSpan.Zero;
        if (_due is null) _due = this.RegisterGrainTimer(Advance, new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        else _due.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task Unregister()
    {
        if (await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
        _hasReminder = false;
        DeactivateOnIdle();
    }
}
