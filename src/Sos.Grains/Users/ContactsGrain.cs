using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Messaging;
using Sos.Contracts.Operations;
using Sos.Contracts.Users;
using Sos.Grains.State;

namespace Sos.Grains.Users;

[GrainType("sos.contacts")]
internal sealed partial class ContactsGrain(
    [PersistentState("contacts", StorageNames.Records)] IPersistentState<ContactsState> record,
    ISmsGateway gateway,
    IContactLinks links,
    TimeProvider time,
    ILogger<ContactsGrain> logger) : Grain, IContactsGrain
{
    // Queries interleave with a write that may yet fail, so they are served from what is known to be on disk.
    private ImmutableHashSet<Guid> _accepted = [];
    private bool _mayShare = true;

    private ContactsState State => record.State;

    private Guid Id => this.GetPrimaryKey();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<EmergencyContact>> List() => Task.FromResult(State.Contacts.Select(c => c.View()).ToImmutableArray());

    public async Task<ContactOutcome> Add(ContactDraft draft)
    {
        var person = await Person();
        var (refusal, entry, changed) = ContactRules.Add(State, draft, person?.Phone, Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());
        if (changed)
        {
            await Write();
            await Invite(entry!, person);
        }

        return new ContactOutcome(refusal, entry?.View());
    }

    public async Task<ContactOutcome> Change(Guid contact, string? name, string? relationship)
    {
        var refusal = ContactRules.Change(State, contact, name, relationship);
        if (refusal == ContactRefusal.None) await Write();
        return new ContactOutcome(refusal, State.Of(contact)?.View());
    }

    public async Task Remove(Guid contact)
    {
        if (ContactRules.Remove(State, contact)) await Write();
    }

    public async Task Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        Remember();
        DeactivateOnIdle();
    }

    public Task<ContactsRecord> Record() => Task.FromResult(new ContactsRecord(
        [.. State.Contacts.Select(c => c.View())], [.. State.Asked.Select(a => new AskedContact(a.Phone, a.At, a.Refused))], [.. State.Invitations], AgeRules.View(State)));

    public async Task<ContactOutcome> Invite(Guid contact)
    {
        var refusal = ContactRules.Invite(State, contact, time.GetUtcNow());
        if (refusal == ContactRefusal.None)
        {
            await Write();
            await Invite(State.Of(contact)!, await Person());
        }

        return new ContactOutcome(refusal, State.Of(contact)?.View());
    }

    public async Task<ContactInvitation?> Invitation(Guid contact) =>
        State.Of(contact) is { } entry ? new ContactInvitation(ContactTexts.NameOf(await Person()), entry.Answer) : null;

    public async Task<ContactInvitation?> Answer(Guid contact, bool accepts)
    {
        if (State.Of(contact) is not { } entry) return null;
        if (ContactRules.Answer(entry, accepts, time.GetUtcNow())) await Write();
        return await Invitation(contact);
    }

    public async Task<int> Tell(Guid alertId, ContactNews news, AlertKind kind)
    {
        var told = State.Contacts.Where(c => c.Answer == ContactAnswer.Accepted).ToList();
        if (told.Count == 0)
        {
            // Nearly everybody who presses has none: that costs no memory.
            if (!record.RecordExists) DeactivateOnIdle();
            return 0;
        }

        var name = ContactTexts.NameOf(await Person());
        var taken = await Task.WhenAll(told.Select(contact => gateway.Send(
            new TextMessage(contact.Phone, ContactTexts.News(name, news, kind, links.Alert(alertId, Id, contact.Id)), $"{alertId:N}/contact/{contact.Id:N}/{news}"),
            CancellationToken.None)));
        return taken.Count(t => t);
    }

    public async Task<ContactWarning> Warn(Guid contact, GeoPoint point, string key)
    {
        if (State.Of(contact) is not { } entry) return ContactWarning.NotFound;
        if (entry.Answer != ContactAnswer.Accepted) return ContactWarning.NotAgreed;
        if (!AgeRules.MayShare(State)) return ContactWarning.GuardianNeeded;
        var text = ContactTexts.InZone(ContactTexts.NameOf(await Person()), point);
        return await gateway.Send(new TextMessage(entry.Phone, text, key), CancellationToken.None) ? ContactWarning.Sent : ContactWarning.NotTaken;
    }

    public Task<bool> MayFollow(Guid contact) => Task.FromResult(_accepted.Contains(contact));

    private Task<UserProfile?> Person() => GrainFactory.GetGrain<IUserGrain>(Id).Profile();

    private Task<bool> Invite(ContactEntry entry, UserProfile? person) =>
        Ask(entry, ContactTexts.Invitation(ContactTexts.NameOf(person), links.Invitation(Id, entry.Id)));

    // Who is asked is kept and can be asked again when the message was not taken; the entry says so by having no answer.
    private async Task<bool> Ask(ContactEntry entry, string text)
    {
        try
        {
            if (await gateway.Send(new TextMessage(entry.Phone, text, $"{entry.Id:N}/invitation/{entry.Asked}"), CancellationToken.None)) return true;
            LogNotSent(logger, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotSent(logger, e);
        }

        return false;
    }

    private void Remember()
    {
        _accepted = [.. State.Contacts.Where(c => c.Answer == ContactAnswer.Accepted).Select(c => c.Id)];
        _mayShare = AgeRules.MayShare(State);
    }

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        Remember();
    }

    [LoggerMessage(1201, LogLevel.Warning, "An invitation to an emergency contact or a guardian was not taken by the gateway.")]
    private static partial void LogNotSent(ILogger logger, Exception? exception);
}
