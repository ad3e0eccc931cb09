using System.Text.Json.Serialization;
using Orleans;

namespace Sos.Grains.Relatives;

/// <summary>Whether somebody keeps a trail, and where it lies; no place is in it. Under 4 KB.</summary>
[GenerateSerializer, Alias("sos.relatives.trail-state")]
internal sealed class TrailState
{
    /// <summary>Her positions are kept.</summary>
    [Id(0), JsonPropertyName("e")] public bool Enabled { get; set; }

    /// <summary>For so long; 0 while she has not said.</summary>
    [Id(1), JsonPropertyName("k")] public int KeepHours { get; set; }

    /// <summary>When it was switched on last: nothing that was true before is taken.</summary>
    [Id(2), JsonPropertyName("s")] public DateTimeOffset Since { get; set; }

    /// <summary>When she last deleted everything: nothing that was true until then is taken, shown or left.</summary>
    [Id(3), JsonPropertyName("c")] public DateTimeOffset ClearedAt { get; set; }

    /// <summary>Hours, since 1970, of which there may be a record; at most 169 and those that are deleted at the next look.</summary>
    [Id(4), JsonPropertyName("h")] public List<long> Hours { get; set; } = [];
}

/// <summary>An hour of a trail. Under 6 KB.</summary>
[GenerateSerializer, Alias("sos.relatives.trail-hour-state")]
internal sealed class TrailHourState
{
    /// <summary>See <see cref="PackedTrail"/>; oldest first.</summary>
    [Id(0), JsonPropertyName("p")] public byte[] Points { get; set; } = [];
}
