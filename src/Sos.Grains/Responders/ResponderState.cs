using Orleans;
using Sos.Contracts.Responders;

namespace Sos.Grains.Responders;

/// <summary>What is remembered of a responder: clearance, duty, last cell, reservations, history. Under 10 KB with everything full.</summary>
[GenerateSerializer, Alias("sos.responders.state")]
internal sealed class ResponderState
{
    /// <summary>Was cleared at least once.</summary>
    [Id(0)] public bool Known { get; set; }

    /// <summary>False while suspended.</summary>
    [Id(1)] public bool Cleared { get; set; }

    [Id(2)] public Capabilities Capabilities { get; set; }

    [Id(3)] public string DisplayName { get; set; } = "";

    [Id(4)] public bool OnDuty { get; set; }

    /// <summary>Alerts at a time.</summary>
    [Id(5)] public int Capacity { get; set; } = 1;

    [Id(6)] public Transport Transport { get; set; }

    /// <summary>At least the epoch of the newest cell entry when this was written.</summary>
    [Id(7)] public long Epoch { get; set; }

    /// <summary>While on duty: a cell she was in lately, at most a minute behind.</summary>
    [Id(8)] public string? LastCell { get; set; }

    /// <summary>When she was there.</summary>
    [Id(9)] public DateTimeOffset? LastCellAt { get; set; }

    /// <summary>The area whose roster lists her.</summary>
    [Id(10)] public string? RosterArea { get; set; }

    [Id(11)] public List<HeldReservation> Reservations { get; set; } = [];

    /// <summary>Requests that have ended, oldest first, so that what comes late is known to be late.</summary>
    [Id(12)] public List<EndedRequest> Ended { get; set; } = [];

    /// <summary>Requests of hers that ended with help; counts fade, so they are no whole numbers.</summary>
    [Id(13)] public double Helped { get; set; }

    /// <summary>Requests that she declined or did not answer.</summary>
    [Id(14)] public double Missed { get; set; }

    /// <summary>When a device of hers was last heard of, to the hour.</summary>
    [Id(15)] public DateTimeOffset? ReachableAt { get; set; }

    /// <summary>End of her clearance; null: for good.</summary>
    [Id(16)] public DateTimeOffset? ValidUntil { get; set; }

    /// <summary>Cleared, and the clearance is not over.</summary>
    public bool IsCleared(DateTimeOffset now) => Cleared && !(ValidUntil <= now);

    /// <summary>May be found and asked.</summary>
    public bool Serves => Cleared && OnDuty;
}

/// <summary>Capacity kept for an alert.</summary>
[GenerateSerializer, Alias("sos.responders.held")]
internal sealed class HeldReservation
{
    [Id(0)] public Guid AlertId { get; set; }

    /// <summary>The alert's version that it was made or confirmed under.</summary>
    [Id(1)] public long Version { get; set; }

    /// <summary>When it lapses; null once confirmed.</summary>
    [Id(2)] public DateTimeOffset? Until { get; set; }

    /// <summary>The version that was confirmed; 0 while none is. Older than <see cref="Version"/> when the alert has reserved her again since.</summary>
    [Id(3)] public long Confirmed { get; set; }
}

/// <summary>A request that has ended.</summary>
[GenerateSerializer, Alias("sos.responders.ended")]
internal sealed class EndedRequest
{
    [Id(0)] public Guid AlertId { get; set; }

    /// <summary>Reservations up to this version of the alert are over.</summary>
    [Id(1)] public long Version { get; set; }

    /// <summary>The alert is closed: nothing about it is put into the inbox any more.</summary>
    [Id(2)] public bool Closed { get; set; }

    /// <summary>Has been counted against her, which happens once an alert.</summary>
    [Id(3)] public bool Counted { get; set; }
}
