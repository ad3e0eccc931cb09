namespace Sos.Contracts.Operations;

/// <summary>Names shared by producers and consumers of streams, and of storage providers.</summary>
public static class StreamNames
{
    /// <summary>The stream provider.</summary>
    public const string Provider = "sos";

    /// <summary>Namespace of the stream of an area's alert events; key: area; items: <see cref="Alerts.AlertStreamItem"/>.</summary>
    public const string Alerts = "alerts";

    /// <summary>Namespace of the stream of a responder's inbox deliveries; key: user id; items: <see cref="Responders.InboxDelivery"/>.</summary>
    public const string Dispatch = "dispatch";
}

/// <summary>Names of storage providers.</summary>
public static class StorageNames
{
    /// <summary>Small records: alerts, users, sessions, indexes.</summary>
    public const string Records = "sos";

    /// <summary>Large records: archives, reports, candidate sets.</summary>
    public const string Large = "sos-large";
}
