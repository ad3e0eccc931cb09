using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.State;

namespace Sos.Grains.Responders;

/// <summary>
/// One person's vetting: ask the rules, write once, then let her record as a responder, her roles and the list of applicants follow; a reminder
/// does what a kill or a failure has left, and what time brings.
/// </summary>
[GrainType("sos.vetting")]
internal sealed partial class VettingGrain(
    [PersistentState("vetting", StorageNames.Records)] IPersistentState<VettingState> record,
    IOptions<ResponderOptions> options,
    TimeProvider time,
    ILogger<VettingGrain> logger) : Grain, IVettingGrain, IRemindable
{
    private const string ReminderName = "vetting";
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromDays(1);

    /// <summary>A reminder is never set further ahead than this: timers of Orleans end at 49 days.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(30);

    private VettingState State => record.State;

    private Guid Id => this.GetPrimaryKey();

    /// <inheritdoc/>
    public async Task<VettingView> Apply(ApplicationDraft draft)
    {
        VettingRules.Apply(State, draft, time.GetUtcNow());
        await Commit();
        return Seen();
    }

    /// <inheritdoc/>
    public async Task Withdraw()
    {
        if (VettingRules.Withdraw(State)) await Commit();
    }

    /// <inheritdoc/>
    public async Task<VettingOutcome> Approve(Approval approval)
    {
        var refusal = VettingRules.Approve(State, Id, approval, time.GetUtcNow(), options.Value);
        if (refusal == VettingRefusal.None) await Commit();
        return new VettingOutcome(refusal, Seen());
    }

    /// <inheritdoc/>
    public async Task<VettingOutcome> Refuse(Guid admin)
    {
        var refusal = VettingRules.Refuse(State, Id, admin, time.GetUtcNow());
        if (refusal == VettingRefusal.None) await Commit();
        return new VettingOutcome(refusal, Seen());
    }

    /// <inheritdoc/>
    public async Task<VettingView> Suspend()
    {
        if (VettingRules.Suspend(State)) await Commit();

        // Also what an earlier try has left: whoever asks must be able to rely on it.
        else await Settle();
        return Seen();
    }

    /// <inheritdoc/>
    public Task<VettingView> View() => Task.FromResult(Seen());

    /// <inheritdoc/>
    public async Task Erase()
    {
        // The list is nobody's record: who has gone must leave it. Her own record may be unreadable by now, so it does not say whether she is on it.
        await GrainFactory.GetGrain<IVettingIndexGrain>(IVettingIndexGrain.Key).Put(new Applicant(Id, time.GetUtcNow()), false);
        if (record.RecordExists) await this.ClearOrLeave(record);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (VettingRules.Pass(State, time.GetUtcNow())) await Write();
        await Settle();
        await Remind();
    }

    private VettingView Seen()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return VettingRules.View(State, Id);
    }

    // The reminder before the write: a stray one is harmless, a missing one would leave somebody half admitted or half suspended.
    private async Task Commit()
    {
        await this.RegisterOrUpdateReminder(ReminderName, TryAgainAfter, LookEvery);
        await Write();
        await Settle();
        if (!State.IsUnsettled) await Remind();
    }

    private async Task Settle()
    {
        if (!State.IsUnsettled) return;
        if (State.IsUncarried) await Carry();
        if (State.IsUnlisted)
        {
            await GrainFactory.GetGrain<IVettingIndexGrain>(IVettingIndexGrain.Key).Put(new Applicant(Id, State.AppliedAt), State.IsOpen);
            State.IsUnlisted = false;
        }

        if (State.News is { } news && await Told(news)) State.News = null;
        await Write();
    }

    // Suspended: the responder's own record first, so that she is in no cell whatever comes after. Admitted: the same order is harmless.
    private async Task Carry()
    {
        var admitted = State.Clearance == Clearance.Admitted;
        await GrainFactory.GetGrain<IResponderGrain>(Id).Clear(new ResponderClearance(admitted, State.Capabilities, State.DisplayName, State.ValidUntil));
        var user = GrainFactory.GetGrain<IUserGrain>(Id);
        if (await user.Profile() is { } profile)
        {
            var roles = admitted ? profile.Roles | Roles.Responder : profile.Roles & ~Roles.Responder;
            if (roles != profile.Roles) await user.Grant(new UserGrant(roles, null, null));
        }

        State.IsUncarried = false;
    }

    private async Task<bool> Told(Sos.Contracts.Messaging.TextTemplate news)
    {
        try
        {
            await GrainFactory.GetGrain<IUserGrain>(Id).Text(news, $"vetting/{Id:N}/{State.NewsNumber}");
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What counts has been done; the message waits for the next look.
            LogNotTold(e.GetType().Name);
            return false;
        }
    }

    private async Task Remind()
    {
        if (State.IsUnsettled) await this.RegisterOrUpdateReminder(ReminderName, TryAgainAfter, LookEvery);
        else if (VettingRules.Next(State) is { } next)
        {
            var wait = next - time.GetUtcNow();
            await this.RegisterOrUpdateReminder(ReminderName, wait < TryAgainAfter ? TryAgainAfter : wait > Furthest ? Furthest : wait, LookEvery);
        }
        else if (await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private Task Write() => this.WriteOrLeave(record);

    [LoggerMessage(1311, LogLevel.Warning, "A person could not be told about her clearance as a responder ({Exception}).")]
    private partial void LogNotTold(string exception);
}
