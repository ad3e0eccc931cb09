using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Privacy;
using Sos.Grains.Privacy;

namespace Sos.Grains.Alerts;

/// <summary>The one record of an alert: what it is, who was asked, what is due, what is still to be told. Kept under 32 KB.</summary>
[GenerateSerializer, Alias("sos.alerts.state")]
internal sealed class AlertState : IOwnsDataKey
{
    [Id(0)] public Guid Victim { get; set; }
    [Id(1)] public AlertKind Kind { get; set; }
    [Id(2)] public string? Note { get; set; }
    [Id(3)] public bool Silent { get; set; }
    [Id(4)] public string Area { get; set; } = AreaId.None.Value;
    [Id(5)] public PositionFix? Position { get; set; }
    [Id(6)] public string? Fingerprint { get; set; }
    [Id(7)] public List<string> Warnings { get; set; } = [];

    [Id(10)] public AlertStatus Status { get; set; }

    /// <summary>Grows with every write.</summary>
    [Id(11)] public long Version { get; set; }

    /// <summary>Sequence number of the newest event.</summary>
    [Id(12)] public long Seq { get; set; }
    [Id(13)] public DateTimeOffset RaisedAt { get; set; }
    [Id(14)] public DateTimeOffset? HoldUntil { get; set; }
    [Id(15)] public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>When the service assigns by itself; null while somebody holds the alert or it is closed.</summary>
    [Id(20)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>When the next wave is searched; null while somebody holds the alert or it is closed.</summary>
    [Id(21)] public DateTimeOffset? NextWaveAt { get; set; }

    /// <summary>When the victim is told that nobody has accepted yet; null once told or accepted.</summary>
    [Id(22)] public DateTimeOffset? NobodyYetAt { get; set; }

    /// <summary>Index into the search rings.</summary>
    [Id(23)] public int Ring { get; set; }

    /// <summary>Until when a ring whose cells have just started is asked again before it is widened.</summary>
    [Id(24)] public DateTimeOffset? WarmUntil { get; set; }
    [Id(25)] public bool NobodyYet { get; set; }

    /// <summary>Nobody is left to ask: a person must act.</summary>
    [Id(26)] public bool NeedsStaff { get; set; }
    [Id(27)] public int CandidateSets { get; set; }

    /// <summary>Number of the newest request; (alert, kind, round) names an inbox item.</summary>
    [Id(28)] public int Round { get; set; }
    [Id(29)] public List<Offer> Offers { get; set; } = [];

    /// <summary>Who is expected or has accepted; null: nobody.</summary>
    [Id(30)] public Holder? Holder { get; set; }

    /// <summary>Version at the last change of holder: the fencing token of staff.</summary>
    [Id(31)] public long HolderVersion { get; set; }
    [Id(32)] public Guid? ClaimedBy { get; set; }


    /// <summary>The service never assigns before this: 30 s after the press or its countdown.</summary>
    [Id(34)] public DateTimeOffset AssignFrom { get; set; }

    /// <summary>How often every ring has been searched in vain.</summary>
    [Id(33)] public int Exhausted { get; set; }

    /// <summary>The newest events; older ones are in history segments of <see cref="AlertTimeline.SegmentLength"/>.</summary>
    [Id(40)] public List<AlertEvent> Timeline { get; set; } = [];
    [Id(41)] public int HistorySegments { get; set; }

    /// <summary>Events up to here have been told to the victim's devices and the board.</summary>
    [Id(42)] public long PublishedSeq { get; set; }
    [Id(43)] public List<OutboxItem> Outbox { get; set; } = [];
    [Id(44)] public long OutboxId { get; set; }
    [Id(45)] public List<CommandResult> Results { get; set; } = [];
    [Id(46)] public int TrackLength { get; set; }

    /// <summary>When emergency contacts are told: after the countdown; null once that was put into the outbox.</summary>
    [Id(47)] public DateTimeOffset? ContactsAt { get; set; }

    /// <summary>Contacts were texted, so they are also told how it ends.</summary>
    [Id(48)] public bool ContactsTold { get; set; }

    /// <summary>Grows by one when the data key is destroyed.</summary>
    [Id(49)] public byte KeyGeneration { get; set; }

    /// <summary>The victim keeps the data until then.</summary>
    [Id(50)] public DateTimeOffset? HeldUntil { get; set; }

    /// <summary>The victim wants nothing kept after the close.</summary>
    [Id(51)] public bool EraseAtOnce { get; set; }

    /// <summary>What remains once the data key is destroyed; null before.</summary>
    [Id(52)] public AlertTombstone? Tombstone { get; set; }

    /// <summary>Photos and recordings, and places that are reserved for some on their way.</summary>
    [Id(53)] public List<Attachment> Attachments { get; set; } = [];

    public bool Exists => Status != AlertStatus.None;

    public bool IsOpen => Status is > AlertStatus.None and < AlertStatus.Resolved;

    /// <summary>Somebody has said she goes.</summary>
    public bool IsAccepted => Status is AlertStatus.Accepted or AlertStatus.EnRoute or AlertStatus.OnScene;

    /// <summary>The version that the next write will have: what reservations and inbox items of this turn carry.</summary>
    public long NextVersion => Version + 1;

    public Offer? OfferOf(Guid responder) => Offers.Find(o => o.Responder == responder);
}
