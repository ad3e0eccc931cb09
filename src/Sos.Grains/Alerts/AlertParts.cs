using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Messaging;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;

namespace Sos.Grains.Alerts;

/// <summary>A responder who was asked, and what came of it; one a responder, renewed when she is asked again.</summary>
[GenerateSerializer, Alias("sos.alerts.offer")]
internal sealed class Offer
{
    [Id(0)] public Guid Responder { get; set; }
    [Id(1)] public string? Name { get; set; }
    [Id(2)] public bool Assigned { get; set; }
    [Id(3)] public int Round { get; set; }

    /// <summary>Version of the alert when she was asked: her fencing token.</summary>
    [Id(4)] public long Version { get; set; }
    [Id(5)] public DateTimeOffset At { get; set; }
    [Id(6)] public DateTimeOffset AnswerBy { get; set; }
    [Id(7)] public DateTimeOffset? DeliveredAt { get; set; }
    [Id(8)] public DateTimeOffset? SeenAt { get; set; }
    [Id(9)] public OfferAnswer Answer { get; set; }
    [Id(10)] public double EtaSeconds { get; set; }
    [Id(11)] public double DistanceMetres { get; set; }

    /// <summary>How often she was reminded for want of a receipt: 1 pushed again, 2 texted.</summary>
    [Id(12)] public int Nudges { get; set; }

    /// <summary>Which tour of the rings she was asked in: who was silent is asked again only in a later one.</summary>
    [Id(13)] public int Tour { get; set; }

    /// <summary>No device of hers was connected when she was asked: she is texted without being pushed once more.</summary>
    [Id(14)] public bool Offline { get; set; }

    public bool IsWaiting => Answer == OfferAnswer.Open;
}

/// <summary>Who is expected at the alert, or has accepted it.</summary>
[GenerateSerializer, Alias("sos.alerts.holder")]
internal sealed class Holder
{
    [Id(0)] public Guid Responder { get; set; }
    [Id(1)] public string Name { get; set; } = "";

    /// <summary>Version of her reservation: the fencing token.</summary>
    [Id(2)] public long Version { get; set; }
    [Id(3)] public DateTimeOffset At { get; set; }
    [Id(4)] public bool Accepted { get; set; }

    /// <summary>When the next is sought unless she has answered (assigned) or is under way (accepted); null when nothing is awaited.</summary>
    [Id(5)] public DateTimeOffset? AnswerBy { get; set; }
    [Id(6)] public double EtaSeconds { get; set; }
}

/// <summary>What kind of message waits in the outbox.</summary>
internal enum OutboxKind
{
    /// <summary>Tells the user's grain that the alert is open or closed.</summary>
    NoteUser,

    /// <summary>Lists the alert for its victim and its area's day.</summary>
    Index,

    /// <summary>An inbox item for a responder.</summary>
    Deliver,

    /// <summary>The reservation no longer lapses.</summary>
    Confirm,

    /// <summary>The reservation or request has ended.</summary>
    Release,

    /// <summary>Keeps a candidate set.</summary>
    Candidates,

    /// <summary>Keeps a segment of the timeline and lets the record forget it.</summary>
    History,

    /// <summary>Calls operators, or the on-call list when none is connected.</summary>
    CallStaff,

    /// <summary>A text message to a person from a template.</summary>
    Text,

    /// <summary>News for the victim's emergency contacts.</summary>
    Contacts,

    /// <summary>Brings what staff did into the audit; its version says up to which event that has arrived.</summary>
    Audit,

    /// <summary>Lists the closed alert with those whose data is due at the same time.</summary>
    Retention,

    /// <summary>Deletes the records that the destroyed key has made unreadable.</summary>
    Erase,

    /// <summary>Deletes what a responder's inbox has about the alert.</summary>
    Forget,

    /// <summary>Leaves the bucket of alerts that are due.</summary>
    Unfile,

    /// <summary>Deletes the file of an upload that came to nothing.</summary>
    DropBlob,
}

/// <summary>Something to be told, written with the change that caused it; told at least once, understood once.</summary>
[GenerateSerializer, Alias("sos.alerts.outbox-item")]
internal sealed class OutboxItem
{
    [Id(0)] public long Id { get; set; }
    [Id(1)] public OutboxKind Kind { get; set; }

    /// <summary>User id of the person concerned; empty where there is none.</summary>
    [Id(2)] public Guid Target { get; set; }
    [Id(3)] public InboxDelivery? Delivery { get; set; }
    [Id(4)] public CandidateSet? Candidates { get; set; }
    [Id(5)] public long Version { get; set; }
    [Id(6)] public ReleaseReason Reason { get; set; }
    [Id(7)] public TextTemplate Template { get; set; }
    [Id(8)] public int Tries { get; set; }

    /// <summary>Not before; null: now.</summary>
    [Id(9)] public DateTimeOffset? NextAt { get; set; }
    [Id(10)] public ContactNews News { get; set; }

    /// <summary>Key of a retention bucket.</summary>
    [Id(11)] public string? Bucket { get; set; }
}

/// <summary>A photo or recording, or the place that is kept for one whose bytes are on their way.</summary>
[GenerateSerializer, Alias("sos.alerts.attachment")]
internal sealed class Attachment
{
    [Id(0)] public Guid Id { get; set; }

    /// <summary>Name of its file, another one for each attempt to upload it.</summary>
    [Id(1)] public Guid Blob { get; set; }
    [Id(2)] public AttachmentKind Kind { get; set; }
    [Id(3)] public string MediaType { get; set; } = "";

    /// <summary>Length as it is kept; 0 while it is on its way.</summary>
    [Id(4)] public long Bytes { get; set; }

    /// <summary>Length as its client said; null where it did not.</summary>
    [Id(5)] public long? Sent { get; set; }

    /// <summary>User id of who added it.</summary>
    [Id(6)] public Guid Who { get; set; }
    [Id(7)] public Actor By { get; set; }

    /// <summary>When it was complete; before that, when its place was reserved.</summary>
    [Id(8)] public DateTimeOffset At { get; set; }

    /// <summary>Until when the place is kept; null once it is complete.</summary>
    [Id(9)] public DateTimeOffset? Until { get; set; }

    public bool IsComplete => Until is null;

    public AttachmentView ToView() => new(Id, Kind, MediaType, Bytes, At, By, Blob);
}

/// <summary>A command that was carried out under an idempotency key.</summary>
[GenerateSerializer, Alias("sos.alerts.command-result")]
internal sealed class CommandResult
{
    [Id(0)] public string Key { get; set; } = "";
    [Id(1)] public string Fingerprint { get; set; } = "";
    [Id(2)] public DateTimeOffset At { get; set; }
}
