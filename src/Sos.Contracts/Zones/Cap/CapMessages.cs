using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Zones.Cap;

/// <summary>What a message of the Common Alerting Protocol 1.2 is for (<c>msgType</c>).</summary>
public enum CapMessageType
{
    /// <summary>A new warning.</summary>
    Alert,

    /// <summary>Takes the place of the messages that it names.</summary>
    Update,

    /// <summary>Ends the messages that it names.</summary>
    Cancel,

    /// <summary>Says that a message has arrived.</summary>
    Ack,

    /// <summary>Says that a message was refused.</summary>
    Error,
}

/// <summary>What names a message, in itself and where others refer to it.</summary>
/// <param name="Sender">Who sent it; no spaces and no commas.</param>
/// <param name="Identifier">The sender's own name for it; no spaces and no commas.</param>
/// <param name="Sent">When.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.reference")]
public sealed record CapReference([property: Id(0)] string Sender, [property: Id(1)] string Identifier, [property: Id(2)] DateTimeOffset Sent);

/// <summary>Something in a message that was not taken, or not as it stands.</summary>
/// <param name="Code">A word that never changes, like <c>self-intersecting</c>.</param>
/// <param name="Path">Where, like <c>alert/info[1]/area[2]/polygon[1]</c>.</param>
/// <param name="Detail">A sentence.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.fault")]
public sealed record CapFault([property: Id(0)] string Code, [property: Id(1)] string Path, [property: Id(2)] string Detail);

/// <summary>A zone of a warning.</summary>
/// <param name="Id">Zone id; the same whenever the message is read.</param>
/// <param name="Draft">The zone.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.zone")]
public sealed record CapZone([property: Id(0)] Guid Id, [property: Id(1)] ZoneDraft Draft);

/// <summary>An official warning that counts: actual, public, and an alert, an update or a cancellation.</summary>
/// <param name="Name">What names it.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Origin">How it came: <c>upload</c>, or the name of a feed.</param>
/// <param name="Event">What it warns of, at most 80 characters.</param>
/// <param name="Headline">In the sender's words, at most 160 characters.</param>
/// <param name="SenderName">The sender as people know it, at most 80 characters.</param>
/// <param name="Expires">When the last of its zones ends; null: it has none.</param>
/// <param name="References">The messages whose place it takes, or that it ends.</param>
/// <param name="Zones">Its zones.</param>
/// <param name="Faults">What of it was not taken.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.warning")]
public sealed record CapWarning(
    [property: Id(0)] CapReference Name,
    [property: Id(1)] CapMessageType Type,
    [property: Id(2)] string Origin,
    [property: Id(3)] string Event,
    [property: Id(4)] string? Headline,
    [property: Id(5)] string? SenderName,
    [property: Id(6)] DateTimeOffset? Expires,
    [property: Id(7)] ImmutableArray<CapReference> References,
    [property: Id(8)] ImmutableArray<CapZone> Zones,
    [property: Id(9)] ImmutableArray<CapFault> Faults);

/// <summary>Why a warning counts no longer before its time is over.</summary>
public enum CapEndKind
{
    /// <summary>An update took its place.</summary>
    Replaced,

    /// <summary>It was cancelled by its sender.</summary>
    Cancelled,

    /// <summary>Staff took it away.</summary>
    Removed,
}

/// <summary>The end of a warning.</summary>
/// <param name="Kind">Why.</param>
/// <param name="By">Key of the message that ended it; null: staff did.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.end")]
public sealed record CapEnd([property: Id(0)] CapEndKind Kind, [property: Id(1)] Guid? By);

/// <summary>What came of a warning.</summary>
public enum CapTaken
{
    /// <summary>Its zones are there.</summary>
    Taken,

    /// <summary>It had been taken before; nothing changed.</summary>
    Known,

    /// <summary>A later message had ended it before it came.</summary>
    Superseded,

    /// <summary>There are as many warnings as can be kept.</summary>
    Full,
}

/// <summary>A warning as it is kept.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Warning">What it says; of its zones only the ids that are still there are in <paramref name="Zones"/>, its own list is empty.</param>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="End">Why it counts no longer; null: it has not been ended.</param>
/// <param name="IsComplete">False: the server ended while it was being taken; the same message again makes the rest.</param>
/// <param name="Zones">Its zones.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.cap.view")]
public sealed record CapAlertView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] CapWarning Warning,
    [property: Id(2)] DateTimeOffset TakenAt,
    [property: Id(3)] CapEnd? End,
    [property: Id(4)] bool IsComplete,
    [property: Id(5)] ImmutableArray<Guid> Zones);
