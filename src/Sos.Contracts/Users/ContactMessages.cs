using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Users;

/// <summary>What an emergency contact has answered.</summary>
public enum ContactAnswer
{
    /// <summary>Asked, no answer yet: she is not told of anything.</summary>
    Pending,

    /// <summary>Agreed.</summary>
    Accepted,

    /// <summary>Does not want to be told.</summary>
    Refused,
}

/// <summary>What contacts are told about an alert.</summary>
public enum ContactNews
{
    /// <summary>SOS was pressed, and the countdown is over.</summary>
    Raised,

    /// <summary>Closed with help given, or by staff.</summary>
    Safe,

    /// <summary>The person has called it off.</summary>
    CalledOff,

    /// <summary>Staff has marked it as a false alarm.</summary>
    FalseAlarm,
}

/// <summary>What came of a text to a contact about a zone.</summary>
public enum ContactWarning
{
    /// <summary>Handed over.</summary>
    Sent,

    /// <summary>There is no such contact.</summary>
    NotFound,

    /// <summary>She has not agreed.</summary>
    NotAgreed,

    /// <summary>The gateway did not take it.</summary>
    NotTaken,

    /// <summary>The cooldown is not over.</summary>
    TooSoon,

    /// <summary>The person is under age, and no guardian agrees.</summary>
    GuardianNeeded,
}

/// <summary>Why something about a contact is refused.</summary>
public enum ContactRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>There is no such contact.</summary>
    NotFound,

    /// <summary>Five contacts are there already.</summary>
    TooMany,

    /// <summary>It is the person's own number.</summary>
    OwnNumber,

    /// <summary>This number was asked a short while ago, or has said no; or ten invitations were sent in a day.</summary>
    TooSoon,

    /// <summary>She has agreed already.</summary>
    Answered,

    /// <summary>The person has said no name yet: nobody can consent for somebody unknown.</summary>
    NameNeeded,

    /// <summary>The person has not said that she is under age: she needs no guardian.</summary>
    NotUnderAge,
}

/// <summary>Somebody who is to become a contact.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Relationship">At most 60 characters, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.users.contact-draft")]
public sealed record ContactDraft([property: Id(0)] string Name, [property: Id(1)] string Phone, [property: Id(2)] string? Relationship);

/// <summary>A contact as the person sees her.</summary>
/// <param name="Id">Contact id.</param>
/// <param name="Name">As given.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Relationship">As given, or null.</param>
/// <param name="Answer">Whether she has agreed; nobody should rely on one who has not.</param>
/// <param name="AskedAt">When a message to her was last tried; null: never.</param>
/// <param name="AnsweredAt">When she answered, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.users.contact")]
public sealed record EmergencyContact(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Phone,
    [property: Id(3)] string? Relationship,
    [property: Id(4)] ContactAnswer Answer,
    [property: Id(5)] DateTimeOffset? AskedAt,
    [property: Id(6)] DateTimeOffset? AnsweredAt);

/// <summary>What came of a change.</summary>
/// <param name="Refusal">None when it was done.</param>
/// <param name="Contact">The contact as she is now; null when there is none.</param>
[GenerateSerializer, Immutable, Alias("sos.users.contact-outcome")]
public sealed record ContactOutcome([property: Id(0)] ContactRefusal Refusal, [property: Id(1)] EmergencyContact? Contact);

/// <summary>What a contact sees behind her link.</summary>
/// <param name="Asker">Name of who asks, cut to letters; else her number.</param>
/// <param name="Answer">What she has answered so far.</param>
[GenerateSerializer, Immutable, Alias("sos.users.contact-invitation")]
public sealed record ContactInvitation([property: Id(0)] string Asker, [property: Id(1)] ContactAnswer Answer);

/// <summary>An alert as an emergency contact sees it, without an account. Names no responder: she helps strangers, and they are not hers.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Kind">What kind of help.</param>
/// <param name="RaisedAt">When it was taken.</param>
/// <param name="Position">Where the person is while the alert is open, or null.</param>
/// <param name="HelpArrivesAt">When the responder who has accepted is expected; null while nobody has, and once she is there.</param>
/// <param name="ClosedAt">When it was closed, or null; the link dies an hour later.</param>
[GenerateSerializer, Immutable, Alias("sos.users.followed-alert")]
public sealed record FollowedAlert(
    [property: Id(0)] AlertStatus Status,
    [property: Id(1)] AlertKind Kind,
    [property: Id(2)] DateTimeOffset RaisedAt,
    [property: Id(3)] PositionFix? Position,
    [property: Id(4)] DateTimeOffset? HelpArrivesAt,
    [property: Id(5)] DateTimeOffset? ClosedAt);

/// <summary>Everything that is kept of a person's contacts.</summary>
/// <param name="Contacts">Oldest first.</param>
/// <param name="Asked">Numbers that were asked and are no contact (any more).</param>
/// <param name="Invitations">When invitations were sent within the last day.</param>
/// <param name="Age">Her answer about age, and her guardian's.</param>
[GenerateSerializer, Immutable, Alias("sos.users.contacts-record")]
public sealed record ContactsRecord(
    [property: Id(0)] ImmutableArray<EmergencyContact> Contacts,
    [property: Id(1)] ImmutableArray<AskedContact> Asked,
    [property: Id(2)] ImmutableArray<DateTimeOffset> Invitations,
    [property: Id(3)] AgeStanding Age);

/// <summary>A number that was asked and is no contact.</summary>
/// <param name="Phone">E.164.</param>
/// <param name="At">When it was asked last.</param>
/// <param name="Refused">It has said no.</param>
[GenerateSerializer, Immutable, Alias("sos.users.asked-contact")]
public sealed record AskedContact([property: Id(0)] string Phone, [property: Id(1)] DateTimeOffset At, [property: Id(2)] bool Refused);

/// <summary>Makes the links that people without an account get. They name no account and sign nobody in.</summary>
public interface IContactLinks
{
    /// <summary>Where a contact answers; null where the service has no pages.</summary>
    Uri? Invitation(Guid user, Guid contact);

    /// <summary>Where a contact follows an alert; null where the service has no pages.</summary>
    Uri? Alert(Guid alertId, Guid user, Guid contact);

    /// <summary>Where a guardian answers; null where the service has no pages.</summary>
    Uri? Guardian(Guid user, Guid guardian);

    /// <summary>Where a number that was asked to be somebody's relative refuses such messages, whoever asks; null where the service has no pages.</summary>
    /// <param name="addressKey">Key of the number's <see cref="Identity.IPhoneGrain"/>.</param>
    Uri? Refusal(string addressKey);
}
