namespace Sos.Contracts.Alerts;

/// <summary>What kind of help is needed.</summary>
public enum AlertKind
{
    /// <summary>Not said, or none of the others.</summary>
    Other,

    /// <summary>Illness or injury.</summary>
    Medical,

    /// <summary>A threat by people: only cleared responders, told to wait at a safe distance.</summary>
    Safety,

    /// <summary>Fire.</summary>
    Fire,
}

/// <summary>raised → offered → accepted → en_route → on_scene → resolved; cancelled and false_alarm from any open state; accepted or en_route → offered when help falls away.</summary>
public enum AlertStatus
{
    /// <summary>No such alert yet.</summary>
    None,

    /// <summary>Durable; nobody has been asked yet.</summary>
    Raised,

    /// <summary>Responders have been asked.</summary>
    Offered,

    /// <summary>A responder has said she goes.</summary>
    Accepted,

    /// <summary>She is under way.</summary>
    EnRoute,

    /// <summary>She is there.</summary>
    OnScene,

    /// <summary>Helped; closed.</summary>
    Resolved,

    /// <summary>Called off by the victim; closed.</summary>
    Cancelled,

    /// <summary>Marked false by staff; closed.</summary>
    FalseAlarm,
}

/// <summary>Who did something to an alert.</summary>
public enum Actor
{
    /// <summary>The service itself.</summary>
    Service,

    /// <summary>The person in danger.</summary>
    Victim,

    /// <summary>A responder.</summary>
    Responder,

    /// <summary>An operator or administrator.</summary>
    Staff,
}

/// <summary>What happened.</summary>
public enum AlertEventKind
{
    /// <summary>The press was taken.</summary>
    Raised,

    /// <summary>More data came from the victim.</summary>
    Appended,

    /// <summary>Responders were asked; the count says how many in this wave.</summary>
    Offered,

    /// <summary>An inbox item reached a device; the count says how many so far.</summary>
    Delivered,

    /// <summary>An inbox item was looked at; the count says how many so far.</summary>
    Seen,

    /// <summary>A responder declined.</summary>
    Declined,

    /// <summary>A responder did not answer in time.</summary>
    Silent,

    /// <summary>The best responder was assigned and is expected to answer.</summary>
    Assigned,

    /// <summary>A responder accepted; the name is her first name.</summary>
    Accepted,

    /// <summary>She is under way.</summary>
    EnRoute,

    /// <summary>She is there.</summary>
    OnScene,

    /// <summary>Closed: helped.</summary>
    Resolved,

    /// <summary>Closed: called off.</summary>
    Cancelled,

    /// <summary>Closed: false alarm.</summary>
    FalseAlarm,

    /// <summary>The assigned responder fell away: declined, silent or taken off; the next is sought.</summary>
    Unassigned,

    /// <summary>The search ring was widened; the text gives kilometres.</summary>
    RingWidened,

    /// <summary>60 s have gone and nobody has accepted: the victim is told so.</summary>
    NobodyYet,

    /// <summary>Nobody is left to ask: staff or the on-call list was told; the count says how many people were reached.</summary>
    StaffTold,

    /// <summary>An operator took the alert into her care.</summary>
    Claimed,

    /// <summary>A note of staff or of the responder.</summary>
    Noted,

    /// <summary>The victim has moved.</summary>
    Moved,

    /// <summary>Emergency contacts were texted; the count says how many.</summary>
    ContactsTold,

    /// <summary>An operator gave the alert back.</summary>
    Unclaimed,

    /// <summary>Open for a day without an event: staff was called; staff only.</summary>
    Forgotten,

    /// <summary>A photo or recording was added; the attachment says which.</summary>
    Attached,
}

/// <summary>How a reader stands to an alert.</summary>
public enum AlertStanding
{
    /// <summary>As if there were no such alert.</summary>
    Stranger,

    /// <summary>The person in danger.</summary>
    Victim,

    /// <summary>A responder who was asked and has not accepted.</summary>
    Asked,

    /// <summary>The responder who has accepted.</summary>
    Rescuer,

    /// <summary>Staff of the area.</summary>
    Staff,
}
