using System.Text.Json.Serialization;
using Orleans;

namespace Sos.Contracts.Alerts;

/// <summary>What an attachment is.</summary>
public enum AttachmentKind
{
    /// <summary>A photo.</summary>
    Photo,

    /// <summary>A recording of voice or of what is heard.</summary>
    Voice,
}

/// <summary>An attachment of an alert, whole and stored.</summary>
/// <param name="Id">Made by the client; unique in its alert.</param>
/// <param name="Kind">Photo or voice.</param>
/// <param name="MediaType">Found in its bytes, like <c>image/jpeg</c>.</param>
/// <param name="Bytes">Length as it is given out: without what was stripped.</param>
/// <param name="At">When it was complete.</param>
/// <param name="By">Who added it.</param>
/// <param name="Blob">Name of its file; never told to clients.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.attachment-view")]
public sealed record AttachmentView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] AttachmentKind Kind,
    [property: Id(2)] string MediaType,
    [property: Id(3)] long Bytes,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] Actor By,
    [property: Id(6), JsonIgnore] Guid Blob);

/// <summary>How far an upload is.</summary>
public enum AttachStep
{
    /// <summary>A place is wanted before any byte is taken.</summary>
    Reserve,

    /// <summary>Every byte is stored: list it.</summary>
    Keep,

    /// <summary>It came to nothing: the place is free again.</summary>
    GiveUp,
}

/// <summary>A step of an upload.</summary>
/// <param name="By">Who uploads.</param>
/// <param name="Step">Which step.</param>
/// <param name="Attachment">Made by the client: the same again is the same attachment.</param>
/// <param name="Blob">File that this attempt writes.</param>
/// <param name="Kind">Photo or voice.</param>
/// <param name="MediaType">As declared and, from <see cref="AttachStep.Keep"/> on, found.</param>
/// <param name="Sent">Bytes that the client says it sends; null where it does not say.</param>
/// <param name="Bytes">Bytes that are kept; for <see cref="AttachStep.Keep"/>.</param>
/// <param name="Reason">Why staff adds it; null from others.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.attach")]
public sealed record AttachCommand(
    [property: Id(0)] AlertReader By,
    [property: Id(1)] AttachStep Step,
    [property: Id(2)] Guid Attachment,
    [property: Id(3)] Guid Blob,
    [property: Id(4)] AttachmentKind Kind,
    [property: Id(5)] string MediaType,
    [property: Id(6)] long? Sent,
    [property: Id(7)] long Bytes,
    [property: Id(8)] string? Reason);

/// <summary>Answer to a step of an upload.</summary>
/// <param name="Refusal">None: go on, or it is there.</param>
/// <param name="Stored">The attachment, once it is listed; from <see cref="AttachStep.Reserve"/> when it was there before.</param>
/// <param name="View">The alert as the caller sees it; null for <see cref="AlertRefusal.NotFound"/>.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.attach-outcome")]
public sealed record AttachOutcome([property: Id(0)] AlertRefusal Refusal, [property: Id(1)] AttachmentView? Stored, [property: Id(2)] AlertView? View);
