using System.Text.Json.Serialization;
using Orleans;
using Sos.Contracts.Alerts;

namespace Sos.Grains.Alerts;

/// <summary>How a listing is cut into segments; empty while there is only segment 0.</summary>
[GenerateSerializer, Alias("sos.alerts.index-state")]
internal sealed class AlertIndexState
{
    /// <summary>Oldest first.</summary>
    [Id(0)] public List<AlertIndexSegment> Segments { get; set; } = [];
}

/// <summary>A segment: everything raised from a moment until the next segment's.</summary>
[GenerateSerializer, Alias("sos.alerts.index-segment")]
internal sealed class AlertIndexSegment
{
    /// <summary>Part of the segment's grain key.</summary>
    [Id(0), JsonPropertyName("n")] public int Number { get; set; }

    /// <summary>UTC ticks of the first moment that belongs here; the first segment also holds what is older.</summary>
    [Id(1), JsonPropertyName("t")] public long From { get; set; }
}

/// <summary>The entries of a segment.</summary>
[GenerateSerializer, Alias("sos.alerts.index-segment-state")]
internal sealed class AlertIndexSegmentState
{
    /// <summary>Oldest first, by (raised, id).</summary>
    [Id(0)] public List<IndexedAlert> Alerts { get; set; } = [];
}

/// <summary>An entry as it is stored: short names, since a record holds hundreds.</summary>
[GenerateSerializer, Alias("sos.alerts.indexed-alert")]
internal sealed class IndexedAlert
{
    /// <summary>The alert.</summary>
    [Id(0), JsonPropertyName("i")] public Guid AlertId { get; set; }

    /// <summary>UTC ticks of when it was taken.</summary>
    [Id(1), JsonPropertyName("t")] public long RaisedAt { get; set; }

    /// <summary>Status when it was listed last.</summary>
    [Id(2), JsonPropertyName("s")] public AlertStatus Status { get; set; }

    /// <summary>What kind of help.</summary>
    [Id(3), JsonPropertyName("k")] public AlertKind Kind { get; set; }

    /// <summary>The entry as it is told.</summary>
    public AlertIndexEntry ToEntry() => new(AlertId, new DateTimeOffset(RaisedAt, TimeSpan.Zero), Status, Kind);

    /// <summary>The entry as it is stored.</summary>
    public static IndexedAlert Of(AlertIndexEntry entry) =>
        new() { AlertId = entry.AlertId, RaisedAt = entry.RaisedAt.UtcTicks, Status = entry.Status, Kind = entry.Kind };
}
