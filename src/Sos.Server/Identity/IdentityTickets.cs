namespace Sos.Server.Identity;

/// <summary>A code session as its client holds it.</summary>
/// <param name="CodeSession">Its id; the codes are bound to it.</param>
/// <param name="AskedAt">When a code was last asked for in it.</param>
/// <param name="Address">E.164 or e-mail address.</param>
internal sealed record CodeTicket(Guid CodeSession, DateTimeOffset AskedAt, string Address);

/// <summary>A ticket that opens one hub connection or event stream, in place of a token in an address.</summary>
/// <param name="Session">The session that asked for it.</param>
/// <param name="User">Whose session.</param>
/// <param name="Id">Random; good once.</param>
/// <param name="Until">Until when it may be used.</param>
/// <param name="ConnectionUntil">End of the connection that it opens: that of the access token it was asked for with.</param>
internal sealed record ConnectionTicket(Guid Session, Guid User, Guid Id, DateTimeOffset Until, DateTimeOffset ConnectionUntil);

/// <summary>A ticket to read one attachment of an alert, the heart of a signed URL.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Attachment">Which of its attachments.</param>
/// <param name="User">Who may read it: as what she is to the alert at that moment.</param>
/// <param name="Session">The session that asked for it; the ticket ends with it.</param>
/// <param name="OwnOnly">It was asked for with a credential that is good for her own alerts only.</param>
/// <param name="Until">Until when.</param>
internal sealed record FileTicket(Guid Alert, Guid Attachment, Guid User, Guid Session, bool OwnOnly, DateTimeOffset Until);
