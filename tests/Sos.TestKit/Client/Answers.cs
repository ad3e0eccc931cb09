using System.Text.Json;

namespace Sos.TestKit.Client;

// What the API answers, as a client of another language would read it: words are strings, so that a word nobody
// has heard of is found by the accounting and does not fail to parse.

/// <summary>A position as the API writes it.</summary>
public sealed record PositionAnswer(double Latitude, double Longitude, double? Accuracy, DateTimeOffset? At, bool LastKnown);

/// <summary>Asked, delivered, seen.</summary>
public sealed record ReceiptsAnswer(int Asked, int Delivered, int Seen);

/// <summary>Who comes.</summary>
public sealed record RescuerAnswer(string Name, double? EtaSeconds);

/// <summary>What only staff is told about somebody who was asked.</summary>
public sealed record OfferAnswer(Guid Responder, string Name, bool Assigned, DateTimeOffset At, string Answer);

/// <summary>What only staff is told.</summary>
public sealed record StaffAnswer(Guid Victim, DateTimeOffset? DueAt, double RingKilometres, OfferAnswer[] Offers);

/// <summary>An alert.</summary>
public sealed record AlertAnswer(
    Guid Id,
    string Status,
    string Kind,
    long Version,
    long Seq,
    string Area,
    DateTimeOffset RaisedAt,
    DateTimeOffset? ClosedAt,
    string? Note,
    PositionAnswer? Position,
    ReceiptsAnswer? Receipts,
    RescuerAnswer? Rescuer,
    string[]? Warnings,
    StaffAnswer? Staff);

/// <summary>Something that happened to an alert.</summary>
public sealed record EventAnswer(
    Guid AlertId,
    long Seq,
    long Prev,
    DateTimeOffset At,
    string Kind,
    string Status,
    string By,
    Guid? Who,
    string? Name,
    string? Text,
    int? Count,
    Guid? Responder = null);

/// <summary>A page of events.</summary>
public sealed record EventPageAnswer(EventAnswer[] Events, long Next, bool More);

/// <summary>An alert in a listing.</summary>
public sealed record AlertEntryAnswer(Guid Id, DateTimeOffset RaisedAt, string Status, string Kind);

/// <summary>A page of a listing.</summary>
public sealed record AlertPageAnswer(AlertEntryAnswer[] Alerts, string? Cursor);

/// <summary>An alert on an operator's board.</summary>
public sealed record BoardEntryAnswer(Guid AlertId, string Area, string Status, string Kind, DateTimeOffset RaisedAt, PositionAnswer? Position, string? Helper, bool NeedsStaff);

/// <summary>A board.</summary>
public sealed record BoardAnswer(BoardEntryAnswer[] Entries);

/// <summary>A responder as staff finds her.</summary>
public sealed record ResponderAnswer(Guid Id, string DisplayName, PositionAnswer? Position, int FreeCapacity, double? DistanceMetres);

/// <summary>Responders near a place, nearest first.</summary>
public sealed record RespondersAnswer(ResponderAnswer[] Items);

/// <summary>What an inbox item tells a responder.</summary>
public sealed record BriefingAnswer(string Kind, string? Cell, PositionAnswer? Position, double? DistanceMetres, double? EtaSeconds, DateTimeOffset? AnswerBy);

/// <summary>The content of an inbox item.</summary>
public sealed record DeliveryAnswer(Guid AlertId, long Version, string Kind, int Round, BriefingAnswer? Briefing, string? Reason);

/// <summary>An inbox item.</summary>
public sealed record InboxItemAnswer(long Seq, DateTimeOffset At, DeliveryAnswer Delivery);

/// <summary>A page of an inbox.</summary>
public sealed record InboxPageAnswer(InboxItemAnswer[] Items, long Next);

/// <summary>How the API writes JSON.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);
}
