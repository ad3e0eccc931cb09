using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones;

/// <summary>How one person watches. Under 8 KB with everything full; the only place in it is that of texts not yet sent.</summary>
[GenerateSerializer, Alias("sos.zones.watch-state")]
internal sealed class ZoneWatchState
{
    [Id(0)] public bool Watching { get; set; }

    [Id(1)] public ZoneMode Mode { get; set; }

    [Id(2)] public int ContactFromRisk { get; set; } = 1;

    [Id(3)] public int Contacts { get; set; } = 1;

    [Id(4)] public ZoneSchedule? Quiet { get; set; }

    [Id(5)] public Dictionary<Guid, ZoneMode> ZoneModes { get; set; } = [];

    /// <summary>No other warning before; not reset by leaving a zone.</summary>
    [Id(6)] public DateTimeOffset CooldownUntil { get; set; }

    /// <summary>A contact was texted, or is to be, in this cooldown.</summary>
    [Id(7)] public bool Texted { get; set; }

    /// <summary>Texts that are still to be sent, in order.</summary>
    [Id(8)] public List<DueText> Due { get; set; } = [];

    /// <summary>Entries that were decided lately, newest last, so that the same one again is known.</summary>
    [Id(9)] public List<SeenEntry> Seen { get; set; } = [];

    /// <summary>Entries of the last weeks, newest first.</summary>
    [Id(10)] public List<ZoneWeek> Weeks { get; set; } = [];

    /// <summary>The warning of the present cooldown, answered again to whoever asks with the same entry; null when there was none.</summary>
    [Id(11)] public SeenEntry? Warned { get; set; }

    [Id(12)] public bool WeeklySummary { get; set; }

    /// <summary>The newest week whose summary was sent or found empty.</summary>
    [Id(13)] public DateOnly SummedUp { get; set; }
}

/// <summary>A text that is to be sent.</summary>
[GenerateSerializer, Alias("sos.zones.due-text")]
internal sealed class DueText
{
    /// <summary>Which of the contacts who have agreed, from 0.</summary>
    [Id(0)] public int Place { get; set; }

    [Id(1)] public DateTimeOffset At { get; set; }

    /// <summary>The point that the text names; gone when it is sent.</summary>
    [Id(2)] public GeoPoint Point { get; set; }

    /// <summary>Names the sending.</summary>
    [Id(3)] public string Key { get; set; } = "";

    /// <summary>How often it was tried.</summary>
    [Id(4)] public int Tries { get; set; }
}

/// <summary>An entry that was decided.</summary>
[GenerateSerializer, Alias("sos.zones.seen-entry")]
internal sealed class SeenEntry
{
    [Id(0)] public Guid Zone { get; set; }

    [Id(1)] public DateTimeOffset At { get; set; }

    /// <summary>The warning was a quiet one.</summary>
    [Id(2)] public bool Quiet { get; set; }
}
