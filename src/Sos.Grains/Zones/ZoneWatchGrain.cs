using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Geo;
using Sos.Contracts.Messaging;
using Sos.Contracts.Operations;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.State;

namespace Sos.Grains.Zones;

[GrainType("sos.zone-watch")]
internal sealed partial class ZoneWatchGrain(
    [PersistentState("zone-watch", StorageNames.Records)] IPersistentState<ZoneWatchState> record,
    IOptions<ZoneOptions> options,
    ISmsGateway gateway,
    TimeProvider time,
    ILogger<ZoneWatchGrain> logger) : Grain, IZoneWatchGrain, IRemindable
{
    private const string Reminder = "texts";
    private const string Summary = "summary";
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>The shortest time that a reminder can have: after a kill the rest is sent at the latest so much later.</summary>
    private static readonly TimeSpan Net = TimeSpan.FromMinutes(1);

    private IGrainTimer? _timer;

    private ZoneWatchState State => record.State;

    private Guid Id => this.GetPrimaryKey();

    private DateTimeOffset Now => time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Arm();
        return Task.CompletedTask;
    }

    public Task<ZoneWatchView> View()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(ZoneWatchRules.View(State, Now));
    }

    public async Task<ZoneWatchView> Set(ZoneWatchSettings settings)
    {
        // Before the write: a stray reminder ends itself.
        if (settings is { Watching: true, WeeklySummary: true }) await this.RegisterOrUpdateReminder(Summary, ZoneSummaryRules.NextIn(Now), Week);
        ZoneWatchRules.Set(State, settings);
        await Write();
        return ZoneWatchRules.View(State, Now);
    }

    public async Task<ZoneWarning?> Enter(ImmutableArray<ZoneEntry> entries)
    {
        // Before the write: a stray reminder is harmless, a missing one would keep a text from being sent after a kill.
        if (State.Watching && Now >= State.CooldownUntil) await this.RegisterOrUpdateReminder(Reminder, Net, Net);
        var (warning, changed) = ZoneWatchRules.Enter(State, Id, entries, Now, options.Value);
        if (changed) await Write();
        Arm();
        return warning;
    }

    public async Task<ZoneWatchView> Adopt(OfflineReport report)
    {
        if (ZoneWatchRules.Adopt(State, report, Now, options.Value)) await Write();
        Arm();
        return ZoneWatchRules.View(State, Now);
    }

    public async Task<ContactNotice> NotifyContact(Guid contact, GeoPoint point)
    {
        var contacts = await Contacts().List();
        var wanted = contacts.FirstOrDefault(c => c.Id == contact);
        if (wanted is null) return new ContactNotice(ContactWarning.NotFound, null);
        if (wanted.Answer != ContactAnswer.Accepted) return new ContactNotice(ContactWarning.NotAgreed, null);
        if (!ZoneWatchRules.TryNotify(State, Now, options.Value)) return new ContactNotice(ContactWarning.TooSoon, State.CooldownUntil);
        await Write();
        var outcome = await Contacts().Warn(contact, point, $"{Id:N}/zone/{State.CooldownUntil.ToUnixTimeMilliseconds()}/asked");
        if (outcome == ContactWarning.Sent) return new ContactNotice(outcome, State.CooldownUntil);
        // Nobody was texted: she may try again at once.
        State.Texted = false;
        await Write();
        return new ContactNotice(outcome, null);
    }

    public async Task Erase()
    {
        await Forget(Reminder);
        await Forget(Summary);
        if (record.RecordExists) await this.ClearOrLeave(record);
        DeactivateOnIdle();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName == Summary)
        {
            if (State is { Watching: true, WeeklySummary: true }) await SumUp();
            else await Forget(Summary);
            return;
        }

        Arm();
        // Kept as long as the cooldown, of which texts are a part.
        if (State.Due.Count == 0 && Now >= State.CooldownUntil) await Forget(Reminder);
    }

    // Written before it is sent: a kill in between costs one summary, and never makes two.
    private async Task SumUp()
    {
        var told = State.SummedUp;
        var text = ZoneSummaryRules.Take(State, Now);
        if (State.SummedUp != told) await Write();
        if (text is null || await GrainFactory.GetGrain<IUserGrain>(Id).Profile() is not { } profile || (profile.Phone ?? profile.Email) is not { } address) return;
        if (!await gateway.Send(new TextMessage(address, text, $"{Id:N}/zone-week/{State.SummedUp:yyyyMMdd}"), CancellationToken.None)) LogNotTaken();
    }

    private async Task Forget(string name)
    {
        if (await this.GetReminder(name) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private IContactsGrain Contacts() => GrainFactory.GetGrain<IContactsGrain>(Id);

    private void Arm()
    {
        if (State.Due.Count == 0) return;
        var wait = State.Due.Min(text => text.At) - Now;
        _timer ??= this.RegisterGrainTimer(SendDue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task SendDue()
    {
        foreach (var text in State.Due.Where(text => text.At <= Now).ToList()) ZoneWatchRules.Tried(State, text, await Send(text), Now, options.Value);
        await Write();
        Arm();
    }

    // Done: sent, or nobody there who has agreed.
    private async Task<bool> Send(DueText text)
    {
        try
        {
            var agreed = (await Contacts().List()).Where(contact => contact.Answer == ContactAnswer.Accepted).Skip(text.Place).FirstOrDefault();
            return agreed is null || await Contacts().Warn(agreed.Id, text.Point, text.Key) != ContactWarning.NotTaken;
        }
        catch (Exception trouble)
        {
            LogNotSent(trouble.GetType().Name);
            return false;
        }
    }

    private Task Write() => this.WriteOrLeave(record);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A weekly summary of zones was not taken by the gateway.")]
    private partial void LogNotTaken();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A text to a contact about a zone was not sent ({Exception}); it is tried again.")]
    private partial void LogNotSent(string exception);
}
