using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Contracts.Privacy;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Trackers;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.State;

namespace Sos.Grains.Privacy;

/// <summary>
/// Waits for the end of the grace, then deletes. The one write that counts is that of the account: it puts another data key in the place of the
/// person's, and what was encrypted with that is unreadable at once. Whatever else is hers is deleted before or after it, each step good twice, and the
/// record of this grain goes last: killed in between, the next look goes on.
/// </summary>
[GrainType("sos.account-deletion")]
internal sealed class AccountDeletionGrain(
    [PersistentState("deletion", StorageNames.Records)] IPersistentState<AccountDeletionState> record,
    IOptions<PrivacyOptions> options,
    TimeProvider time) : Grain, IAccountDeletionGrain, IRemindable
{
    private const string ReminderName = "deletion";
    private const int AlertsAtOnce = 200;
    private readonly DueConfirmation _due = new(time, options.Value.ConfirmAfter);

    private Guid Id => this.GetPrimaryKey();

    private IUserGrain Person => GrainFactory.GetGrain<IUserGrain>(Id);

    public async Task<DateTimeOffset> Ask(ImmutableArray<string> addressKeys)
    {
        if (record.State.DueAt is { } known) return known;
        var due = time.GetUtcNow() + PrivacyOptions.DeletionGrace;
        // Before the write: a stray reminder is harmless, a missing one would keep the data for ever.
        await this.RegisterOrUpdateReminder(ReminderName, PrivacyOptions.DeletionGrace, Period);
        (record.State.DueAt, record.State.AddressKeys) = (due, [.. addressKeys]);
        await Write();
        return due;
    }

    public Task<DateTimeOffset?> DueAt()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(record.State.DueAt);
    }

    public async Task<bool> Cancel()
    {
        var exists = await Person.Profile() is not null;
        if (exists && record.RecordExists) await Clear();
        // Nearly everybody who signs in has never asked: that costs no memory.
        else if (!record.RecordExists) DeactivateOnIdle();
        return exists;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (record.State.DueAt is not { } due)
        {
            // A request whose write has failed may come again; after that the reminder is a stray.
            if (status.CurrentTickTime - status.FirstTickTime >= Period) await Unregister();
            return;
        }

        if (!_due.Look(due) || await IsNeeded()) return;
        if (await Delete()) await Clear();
    }

    /// <summary>Time between ticks: the second one confirms.</summary>
    private TimeSpan Period => options.Value.ConfirmAfter;

    // Help that is on its way to her or that she is giving knows her by her account; and somebody has to manage the service.
    private async Task<bool> IsNeeded() =>
        await HasAlertOpen()
        || await GrainFactory.GetGrain<IResponderGrain>(Id).View() is { Engaged: > 0 }
        || await Person.Profile() is { } profile && profile.Roles.HasFlag(Roles.Admin);

    private async Task<bool> HasAlertOpen()
    {
        while (await Person.OpenAlert() is { } open)
        {
            if (await GrainFactory.GetGrain<IAlertGrain>(open).View(new AlertReader(Id, false, [])) is not null) return true;
            // Left out of a backup that was restored: nobody would ever close it.
            await Person.NoteAlert(open, open: false);
        }

        return false;
    }

    // False: something is not to be had yet, and the next look goes on.
    private async Task<bool> Delete()
    {
        // Off duty while the record still says in which cell and roster she stands.
        await GrainFactory.GetGrain<IResponderGrain>(Id).SetDuty(new DutyChange(false, null, null));
        // The list of her sessions is under her key, they themselves are not.
        foreach (var session in await Sessions.List()) await GrainFactory.GetGrain<ISessionGrain>(session).Erase();
        foreach (var session in await Apps.Sessions(null)) await GrainFactory.GetGrain<ISessionGrain>(session).Erase();
        foreach (var app in await Apps.Own()) await GrainFactory.GetGrain<IAppGrain>(app).Revoke();
        // Nobody is shown where she is from here on. Who her relatives were is under her key; should they not be told below, they look each day.
        await Relatives.Toggle(false);
        var relatives = await Relatives.People();
        // Which hours of a trail there are is under her key, too.
        await GrainFactory.GetGrain<ITrailGrain>(Id).Erase();
        await Person.Erase();
        foreach (var other in relatives) await GrainFactory.GetGrain<IRelativesGrain>(other).Refresh();
        await Sessions.Erase();
        await Apps.Erase();
        await GrainFactory.GetGrain<IVettingGrain>(Id).Erase();
        await GrainFactory.GetGrain<IContactsGrain>(Id).Erase();
        await GrainFactory.GetGrain<IZoneWatchGrain>(Id).Erase();
        await GrainFactory.GetGrain<ITrackersGrain>(Id).Erase();
        await Relatives.Erase();
        await GrainFactory.GetGrain<IRelativeHistoryGrain>(Id).Erase();
        await GrainFactory.GetGrain<IBlocksGrain>(Id).Erase();
        await GrainFactory.GetGrain<ISeparationsGrain>(Id).Erase();
        await GrainFactory.GetGrain<IResponderGrain>(Id).Erase();
        await GrainFactory.GetGrain<ISecondFactorGrain>(Id).Erase();
        await GrainFactory.GetGrain<IPasswordGrain>(Id).Erase();
        foreach (var key in record.State.AddressKeys) await GrainFactory.GetGrain<IPhoneGrain>(key).Unlink(Id);
        return await ForgetAlerts();
    }

    private IRelativesGrain Relatives => GrainFactory.GetGrain<IRelativesGrain>(Id);

    private IAppGrantsGrain Apps => GrainFactory.GetGrain<IAppGrantsGrain>(Id);

    private ISessionIndexGrain Sessions => GrainFactory.GetGrain<ISessionIndexGrain>(Id);

    private async Task<bool> ForgetAlerts()
    {
        var listing = GrainFactory.GetGrain<IAlertIndexGrain>(AlertIndexKeys.OfUser(Id));
        var all = true;
        string? cursor = null;
        do
        {
            var page = await listing.Page(cursor, AlertsAtOnce);
            foreach (var entry in page.Entries) all &= await GrainFactory.GetGrain<IAlertGrain>(entry.AlertId).Forget(Id);
            cursor = page.Cursor;
        }
        while (cursor is not null);
        if (all) await listing.Erase();
        return all;
    }

    private async Task Clear()
    {
        await this.ClearOrLeave(record);

        await Unregister();
    }

    private async Task Unregister()
    {
        if (await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
        DeactivateOnIdle();
    }

    private Task Write() => this.WriteOrLeave(record);
}
