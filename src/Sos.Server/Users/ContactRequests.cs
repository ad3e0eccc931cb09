using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;

namespace Sos.Server.Users;

/// <summary>Somebody who is to be told in an emergency.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="Phone">Her number in any common spelling; she is asked by text message.</param>
/// <param name="Relationship">At most 60 characters.</param>
public sealed record ContactRequest(string Name, string Phone, string? Relationship = null);

/// <summary>What changes about a contact; what is left out stays. The number never changes.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="Relationship">At most 60 characters.</param>
public sealed record ContactChange(string? Name = null, string? Relationship = null);

/// <summary>The contacts of the caller.</summary>
/// <param name="Items">Oldest first, at most five.</param>
public sealed record ContactList(IReadOnlyList<ContactView> Items);

/// <summary>A contact of the caller.</summary>
/// <param name="Id">Contact id.</param>
/// <param name="Name">As given.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Relationship">As given.</param>
/// <param name="Answer">pending, accepted or refused; only an accepted contact is told of anything.</param>
/// <param name="AskedAt">When she was asked last.</param>
/// <param name="AnsweredAt">When she answered.</param>
public sealed record ContactView(Guid Id, string Name, string Phone, string? Relationship, ContactAnswer Answer, DateTimeOffset? AskedAt, DateTimeOffset? AnsweredAt)
{
    internal static ContactView Of(EmergencyContact contact) =>
        new(contact.Id, contact.Name, contact.Phone, contact.Relationship, contact.Answer, contact.AskedAt, contact.AnsweredAt);
}

/// <summary>The token of a link.</summary>
/// <param name="Token">What stands behind the # of the link.</param>
public sealed record LinkRequest(string Token);

/// <summary>A contact's answer.</summary>
/// <param name="Token">What stands behind the # of the link.</param>
/// <param name="Accepts">True: tell me. False: do not (any more).</param>
public sealed record AnswerRequest(string Token, bool Accepts);

/// <summary>Who asks, and what was answered.</summary>
/// <param name="Asker">Name of who asks.</param>
/// <param name="Answer">pending, accepted or refused.</param>
public sealed record InvitationView(string Asker, ContactAnswer Answer);

/// <summary>An alert as a contact sees it.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Kind">What kind of help.</param>
/// <param name="RaisedAt">When SOS was pressed.</param>
/// <param name="Position">Where the person is; only while the alert is open.</param>
/// <param name="HelpArrivesAt">When the helper who is coming is expected.</param>
/// <param name="ClosedAt">When it was closed; the link dies an hour later.</param>
public sealed record FollowedView(AlertStatus Status, AlertKind Kind, DateTimeOffset RaisedAt, PositionFix? Position, DateTimeOffset? HelpArrivesAt, DateTimeOffset? ClosedAt)
{
    internal static FollowedView Of(FollowedAlert alert) => new(alert.Status, alert.Kind, alert.RaisedAt, alert.Position, alert.HelpArrivesAt, alert.ClosedAt);
}
