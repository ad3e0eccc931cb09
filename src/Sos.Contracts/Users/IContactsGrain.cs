using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Users;

/// <summary>
/// People without an account who have been asked for something in a person's name: her emergency contacts, who are texted when she presses SOS and have
/// agreed to that, and the guardian of one who is under age. One budget of invitations for both. Key: user id.
/// </summary>
[Alias("sos.users.IContactsGrain")]
public partial interface IContactsGrain : IGrainWithGuidKey
{
    /// <summary>The contacts, oldest first.</summary>
    [Alias("List")] Task<ImmutableArray<EmergencyContact>> List();

    /// <summary>Adds a contact and asks her by text message; a number that is there already is answered as it is.</summary>
    [Alias("Add")] Task<ContactOutcome> Add(ContactDraft draft);

    /// <summary>Changes name or relationship; null members stay. The number never changes: another number is another person, who has not agreed.</summary>
    [Alias("Change")] Task<ContactOutcome> Change(Guid contact, string? name, string? relationship);

    /// <summary>Removes a contact; her links are dead at once. Again: changes nothing.</summary>
    [Alias("Remove")] Task Remove(Guid contact);

    /// <summary>Asks a contact once more who has not answered.</summary>
    [Alias("Invite")] Task<ContactOutcome> Invite(Guid contact);

    /// <summary>What a contact sees behind her link: who asks, and what she has answered; null when she was removed.</summary>
    [Alias("Invitation")] Task<ContactInvitation?> Invitation(Guid contact);

    /// <summary>A contact agrees, or does not want to be told (any more); null when she was removed.</summary>
    [Alias("Answer")] Task<ContactInvitation?> Answer(Guid contact, bool accepts);

    /// <summary>
    /// Texts every contact who has agreed about an alert, each once for each piece of news; told by the alert's outbox. Answers how many
    /// messages were taken. Fails when the gateway does, and is then called again.
    /// </summary>
    [Alias("Tell")] Task<int> Tell(Guid alertId, ContactNews news, AlertKind kind);

    /// <summary>Texts one contact who has agreed that the person has come into a zone of high risk; once a key.</summary>
    [Alias("Warn")] Task<ContactWarning> Warn(Guid contact, GeoPoint point, string key);

    /// <summary>True when this contact has agreed and may follow the person's alerts.</summary>
    [Alias("MayFollow"), AlwaysInterleave] Task<bool> MayFollow(Guid contact);

    /// <summary>Everything that is kept here, for the person herself.</summary>
    [Alias("Record")] Task<ContactsRecord> Record();

    /// <summary>Deletes all of it for good; the links of contacts are dead. Again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
