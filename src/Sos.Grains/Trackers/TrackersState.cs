using Orleans;
using Sos.Contracts.Trackers;

namespace Sos.Grains.Trackers;

/// <summary>The trackers of a person. Under 4 KB when full; no token and no place is in it.</summary>
[GenerateSerializer, Alias("sos.trackers.state")]
internal sealed class TrackersState
{
    /// <summary>Oldest first.</summary>
    [Id(0)] public List<TrackerEntry> Trackers { get; set; } = [];

    /// <summary>When she was texted last that they have changed.</summary>
    [Id(1)] public DateTimeOffset? ToldAt { get; set; }
}

/// <summary>One tracker.</summary>
[GenerateSerializer, Alias("sos.trackers.entry")]
internal sealed class TrackerEntry
{
    [Id(0)] public Guid Id { get; set; }

    [Id(1)] public string Name { get; set; } = "";

    [Id(2)] public TrackerKind Kind { get; set; }

    /// <summary>Keyed hash: without the service's key nobody can try tokens against a record.</summary>
    [Id(3)] public string TokenHash { get; set; } = "";

    [Id(4)] public DateTimeOffset AddedAt { get; set; }

    /// <summary>To the hour.</summary>
    [Id(5)] public DateTimeOffset? LastSeenAt { get; set; }

    /// <summary>Answers to it hold where her relatives are; off until she says so.</summary>
    [Id(6)] public bool ShowsRelatives { get; set; }

    /// <summary>The same with that switch as said.</summary>
    public TrackerEntry Showing(bool relatives)
    {
        var copy = (TrackerEntry)MemberwiseClone();
        copy.ShowsRelatives = relatives;
        return copy;
    }
}
