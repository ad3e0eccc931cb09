using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Alerts;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Zones;

namespace Sos.Contracts.Operations;

/// <summary>
/// A process that holds connections of people, as grains see it. Best effort by nature: the guarantee is the durable inbox
/// and <c>events?after=seq</c>. The owner keeps a strong reference and follows again every 30 s.
/// </summary>
[Alias("sos.operations.IDeviceObserver")]
public interface IDeviceObserver : IGrainObserver
{
    /// <summary>An event of an alert that this person may see, already cut to what she may see.</summary>
    [Alias("AlertChanged"), OneWay] Task AlertChanged(Guid person, AlertEvent change);

    /// <summary>A new inbox item of a responder.</summary>
    [Alias("InboxChanged"), OneWay] Task InboxChanged(Guid person, InboxItem item);

    /// <summary>This person has come into a zone that she watches out for.</summary>
    [Alias("ZoneEntered"), OneWay] Task ZoneEntered(Guid person, ZoneWarning warning);

    /// <summary>An entry of a board that this operator follows.</summary>
    [Alias("BoardChanged"), OneWay] Task BoardChanged(Guid person, BoardEntry entry);

    /// <summary>A relative of this person has come near, is near, or has gone.</summary>
    [Alias("RelativeNear"), OneWay] Task RelativeNear(Guid person, ProximityAlert alert);

    /// <summary>By what this person has said herself, nobody is shown where she is any more.</summary>
    [Alias("SharingEnded"), OneWay] Task SharingEnded(Guid person, SharingEnd end);

    /// <summary>Many people have come into a zone of an area of this operator.</summary>
    [Alias("CrowdSeen"), OneWay] Task CrowdSeen(Guid person, ZoneCrowd crowd);
}
