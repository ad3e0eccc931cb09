using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Alerts;

/// <summary>A segment of an alert's events that no longer fit its record, written once. Key: "{alert id}/{segment}".</summary>
[Alias("sos.alerts.IAlertHistoryGrain")]
public interface IAlertHistoryGrain : IGrainWithStringKey
{
    /// <summary>Keeps the events; the same again changes nothing.</summary>
    [Alias("Keep")] Task Keep(ImmutableArray<AlertEvent> events);

    /// <summary>The events, oldest first; empty when there are none.</summary>
    [Alias("Read")] Task<ImmutableArray<AlertEvent>> Read();

    /// <summary>Deletes the segment for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();

    /// <summary>The grain key of a segment, from 0.</summary>
    static string KeyOf(Guid alertId, int segment) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{alertId:N}/{segment}");
}
