using Microsoft.AspNetCore.SignalR;
using Sos.Contracts.Alerts;
using Sos.Contracts.Responders;
using Sos.Contracts.Zones;
using Sos.Server.Zones;

namespace Sos.Server.Realtime;

/// <summary>What a device is told, over hubs and event streams alike.</summary>
public interface IDeviceClient
{
    /// <summary>An event of an alert that this person may see.</summary>
    [HubMethodName(DeviceEvents.AlertChanged)]
    Task AlertChanged(AlertEvent change);

    /// <summary>A new inbox item of this responder.</summary>
    [HubMethodName(DeviceEvents.InboxChanged)]
    Task InboxChanged(InboxItem item);

    /// <summary>
    /// This person has come into a zone that she watches out for, whichever of her devices has said so; the one that did may have it in its answer too. One warning has one
    /// <c>cooldownUntil</c>.
    /// </summary>
    [HubMethodName(DeviceEvents.ZoneEntered)]
    Task ZoneEntered(ZoneWarningView warning);

    /// <summary>An entry of a board of this operator; closed ones leave.</summary>
    [HubMethodName(DeviceEvents.BoardChanged)]
    Task BoardChanged(BoardEntry entry);

    /// <summary>A relative of this person has come near, is near, or has gone.</summary>
    [HubMethodName(DeviceEvents.ProximityAlert)]
    Task ProximityAlert(ProximityMessage relative);

    /// <summary>
    /// By what this person has said on any of her devices, or by its time, nobody is shown where she is any more: there is no need to go on saying it for relatives. Nobody else is told.
    /// </summary>
    [HubMethodName(DeviceEvents.LocationSharingDisabled)]
    Task LocationSharingDisabled(SharingDisabledMessage sharing);

    /// <summary>Many people have come into a zone of an area of this operator within minutes; who they are is known to nobody.</summary>
    [HubMethodName(DeviceEvents.ZoneCrowded)]
    Task ZoneCrowded(ZoneCrowd crowd);

    /// <summary>Something was dropped because the device read too slowly: pull what is missing (events, inbox, board).</summary>
    [HubMethodName(DeviceEvents.Resync)]
    Task Resync();
}

/// <summary>Names of what devices are told.</summary>
internal static class DeviceEvents
{
    public const string AlertChanged = "alertChanged";
    public const string InboxChanged = "inboxChanged";
    public const string ZoneEntered = "zoneEntered";
    public const string ZoneCrowded = "zoneCrowded";
    public const string BoardChanged = "boardChanged";
    public const string ProximityAlert = "proximityAlert";
    public const string LocationSharingDisabled = "locationSharingDisabled";
    public const string Resync = "resync";
}
