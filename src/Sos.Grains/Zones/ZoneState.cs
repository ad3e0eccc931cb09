using Orleans;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones;

/// <summary>A zone. Under 64 KB with 5,000 points.</summary>
[GenerateSerializer, Alias("sos.zones.state")]
internal sealed class ZoneState
{
    /// <summary>Grows with every change; 0: there is no zone.</summary>
    [Id(0)] public long Version { get; set; }

    [Id(1)] public string Name { get; set; } = "";

    [Id(2)] public string Kind { get; set; } = "";

    [Id(3)] public int Risk { get; set; }

    /// <summary>See <see cref="PackedShape"/>.</summary>
    [Id(4)] public string Shape { get; set; } = "";

    [Id(5)] public ZoneSource Source { get; set; }

    [Id(6)] public ZoneSchedule? Schedule { get; set; }

    [Id(7)] public DateTimeOffset? Expires { get; set; }

    [Id(8)] public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Cells that it is listed in, those that it is being taken off included.</summary>
    [Id(9)] public List<string> Cells { get; set; } = [];

    [Id(10)] public DateTimeOffset? Begins { get; set; }

    /// <summary>Takes what a draft says.</summary>
    public void Take(ZoneDraft draft, DateTimeOffset now)
    {
        (Version, ChangedAt) = (Version + 1, now);
        (Name, Kind, Risk, Source, Schedule, Expires, Begins) = (draft.Name, draft.Kind, draft.Risk, draft.Source, draft.Schedule, draft.Expires, draft.Begins);
        Shape = PackedShape.Pack(draft.Shape);
    }

    /// <summary>The zone; null when there is none.</summary>
    public Zone? View(Guid id) =>
        Version == 0 ? null : new Zone(id, Version, new ZoneDraft(Name, Kind, Risk, PackedShape.Unpack(Shape), Source, Schedule, Expires, Begins), ChangedAt);
}

/// <summary>What a cell lists.</summary>
[GenerateSerializer, Alias("sos.zones.index-state")]
internal sealed class ZoneIndexState
{
    /// <summary>Grows with every change.</summary>
    [Id(0)] public long Stamp { get; set; }

    /// <summary>In the order of their ids.</summary>
    [Id(1)] public List<ListedZone> Zones { get; set; } = [];

    /// <summary>Letters below which anything is listed.</summary>
    [Id(2)] public string Below { get; set; } = "";
}
