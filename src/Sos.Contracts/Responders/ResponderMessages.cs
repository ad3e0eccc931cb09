using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Responders;

/// <summary>What a responder is trained and equipped for.</summary>
[Flags]
public enum Capabilities
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary>First aid and more.</summary>
    Medical = 1,

    /// <summary>May be sent to safety alerts.</summary>
    Safety = 2,

    /// <summary>Fire.</summary>
    Fire = 4,

    /// <summary>Carries an automated external defibrillator.</summary>
    Aed = 8,
}

/// <summary>How a responder moves; chooses speed and detour factor of the ETA.</summary>
public enum Transport
{
    /// <summary>On foot.</summary>
    Walk,

    /// <summary>By car.</summary>
    Car,
}

/// <summary>What dispatch scores by; carried in cell entries so that scoring needs no call to each responder.</summary>
/// <param name="Capabilities">Cleared capabilities.</param>
/// <param name="Transport">How she moves.</param>
/// <param name="FreeCapacity">Alerts she can still take; 0 hides her from dispatch.</param>
/// <param name="Reliability">Expected share of requests accepted, 0 to 1: mean of a Beta distribution over her history.</param>
/// <param name="ReachableAt">Last receipt of any kind (delivered or seen); null when never.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.traits")]
public sealed record ResponderTraits(
    [property: Id(0)] Capabilities Capabilities,
    [property: Id(1)] Transport Transport,
    [property: Id(2)] int FreeCapacity,
    [property: Id(3)] double Reliability,
    [property: Id(4)] DateTimeOffset? ReachableAt);

/// <summary>Staff's decision about a person as a responder.</summary>
/// <param name="Cleared">False suspends her: off duty at once, in no cell.</param>
/// <param name="Capabilities">What she may be sent to.</param>
/// <param name="DisplayName">First name, shown to people she helps.</param>
/// <param name="ValidUntil">From then on she is not found and takes nothing new; null: for good.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.clearance")]
public sealed record ResponderClearance(
    [property: Id(0)] bool Cleared,
    [property: Id(1)] Capabilities Capabilities,
    [property: Id(2)] string DisplayName,
    [property: Id(3)] DateTimeOffset? ValidUntil = null);

/// <summary>A change that the responder makes herself; null members stay.</summary>
/// <param name="OnDuty">On or off duty.</param>
/// <param name="Capacity">Alerts at a time, 1 to 10.</param>
/// <param name="Transport">How she moves.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.duty-change")]
public sealed record DutyChange([property: Id(0)] bool? OnDuty, [property: Id(1)] int? Capacity, [property: Id(2)] Transport? Transport);

/// <summary>Answer to a duty change.</summary>
/// <param name="View">The responder afterwards; null when not cleared.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.duty-outcome")]
public sealed record DutyOutcome([property: Id(0)] ResponderView? View);

/// <summary>A position with which a device says it is alive; without a point it is a heartbeat only.</summary>
/// <param name="Point">The position, or null.</param>
/// <param name="Accuracy">Radius of the 68 % circle; null where unknown.</param>
/// <param name="At">When it was true, by the device's clock; corrected on receipt if it lies in the future.</param>
/// <param name="Mock">The device says that an app has made the position up.</param>
/// <param name="EnteredMark">The phone's own geofences say that she has come into the zone of this mark (<c>ZoneMarks</c>); null: they say nothing.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.report")]
public sealed record PositionReport(
    [property: Id(0)] GeoPoint? Point,
    [property: Id(1)] Distance? Accuracy,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] bool Mock = false,
    [property: Id(4)] long? EnteredMark = null);

/// <summary>What became of a report.</summary>
public enum ReportOutcome
{
    /// <summary>Taken.</summary>
    Accepted,

    /// <summary>Older than the newest one held: ignored.</summary>
    Outdated,

    /// <summary>Not on duty (or not cleared): nothing is stored, nobody is told.</summary>
    OffDuty,

    /// <summary>A sign of life, but the position is not believed: made up, or a jump that nobody makes.</summary>
    Implausible,
}

/// <summary>Answer to a request for capacity.</summary>
public enum ReservationOutcome
{
    /// <summary>Reserved.</summary>
    Reserved,

    /// <summary>Not on duty or not cleared.</summary>
    OffDuty,

    /// <summary>No capacity left.</summary>
    AtCapacity,

    /// <summary>A newer version of the same alert has been here.</summary>
    Superseded,
}

/// <summary>Answer to a request for capacity, with the name that the alert shows to the person she helps.</summary>
/// <param name="Outcome">Reserved, or why not.</param>
/// <param name="DisplayName">First name; empty when never cleared.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.reservation")]
public sealed record Reservation([property: Id(0)] ReservationOutcome Outcome, [property: Id(1)] string DisplayName);

/// <summary>How a reservation or request ended; accepted and arrived raise reliability, declined and silent lower it, the others leave it.</summary>
public enum ReleaseReason
{
    /// <summary>She declined.</summary>
    Declined,

    /// <summary>She did not answer in time.</summary>
    Silent,

    /// <summary>Somebody else took it, or staff changed it.</summary>
    StoodDown,

    /// <summary>She helped and the alert is closed.</summary>
    Completed,
}

/// <summary>A responder as staff and she herself see her.</summary>
/// <param name="Id">User id.</param>
/// <param name="DisplayName">First name.</param>
/// <param name="Cleared">False while suspended.</param>
/// <param name="OnDuty">On duty.</param>
/// <param name="Capabilities">Cleared capabilities.</param>
/// <param name="Transport">How she moves.</param>
/// <param name="Capacity">Alerts at a time.</param>
/// <param name="Engaged">Alerts she holds reservations for.</param>
/// <param name="Reliability">0 to 1.</param>
/// <param name="Position">Last position of this process's memory, or the centre of the last durable cell marked as last known; null when off duty.</param>
/// <param name="InboxSeq">Newest inbox sequence number.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.view")]
public sealed record ResponderView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string DisplayName,
    [property: Id(2)] bool Cleared,
    [property: Id(3)] bool OnDuty,
    [property: Id(4)] Capabilities Capabilities,
    [property: Id(5)] Transport Transport,
    [property: Id(6)] int Capacity,
    [property: Id(7)] int Engaged,
    [property: Id(8)] double Reliability,
    [property: Id(9)] PositionFix? Position,
    [property: Id(10)] long InboxSeq);

/// <summary>What is kept of a responder beside her view.</summary>
/// <param name="View">See <see cref="ResponderView"/>.</param>
/// <param name="LastCell">While on duty: the cell she was in lately.</param>
/// <param name="LastCellAt">When she was there.</param>
/// <param name="Helped">Requests of hers that ended with help; fades with time.</param>
/// <param name="Missed">Requests that she declined or did not answer; fades with time.</param>
/// <param name="ReachableAt">When a device of hers was last heard of, to the hour.</param>
/// <param name="Holds">Alerts that hold her capacity.</param>
/// <param name="Ended">Alerts that she was asked about and that are over for her.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.record")]
public sealed record ResponderRecord(
    [property: Id(0)] ResponderView View,
    [property: Id(1)] string? LastCell,
    [property: Id(2)] DateTimeOffset? LastCellAt,
    [property: Id(3)] double Helped,
    [property: Id(4)] double Missed,
    [property: Id(5)] DateTimeOffset? ReachableAt,
    [property: Id(6)] ImmutableArray<Guid> Holds,
    [property: Id(7)] ImmutableArray<Guid> Ended);
