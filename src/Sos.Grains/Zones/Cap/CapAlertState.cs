using Orleans;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>An official warning. Its zones have records of their own.</summary>
[GenerateSerializer, Alias("sos.zones.cap.alert-state")]
internal sealed class CapAlertState
{
    /// <summary>The warning without references and zones; null: it has not come, and something has ended it already.</summary>
    [Id(0)] public CapWarning? Warning { get; set; }

    [Id(1)] public DateTimeOffset TakenAt { get; set; }

    [Id(2)] public CapEnd? End { get; set; }

    /// <summary>Ids of its zones; noted before they are made, so that none is without a warning that it belongs to.</summary>
    [Id(3)] public List<Guid> Zones { get; set; } = [];

    /// <summary>Keys of the messages that it ends.</summary>
    [Id(4)] public List<Guid> Ends { get; set; } = [];

    /// <summary>Its zones have been made.</summary>
    [Id(5)] public bool IsMade { get; set; }

    /// <summary>So have all others whom it ends been told.</summary>
    [Id(6)] public bool IsComplete { get; set; }

    /// <summary>From when on nothing is known of it.</summary>
    [Id(7)] public DateTimeOffset ForgetAt { get; set; }

    /// <summary>Takes what a warning says.</summary>
    public void Take(CapWarning warning, DateTimeOffset now, CapOptions options)
    {
        (Warning, TakenAt) = (warning with { References = [], Zones = [] }, now);
        Ends = [.. warning.References.Select(CapKeys.Of)];
        if (End is null) Zones = [.. warning.Zones.Select(zone => zone.Id)];
        KeepUntil(warning.Expires > now ? warning.Expires.Value : now, options);
    }

    /// <summary>Keeps it for its time after a moment, and longer than a message that was sent before it is taken.</summary>
    public void KeepUntil(DateTimeOffset end, CapOptions options)
    {
        var until = end + options.KeepFor + 2 * CapOptions.Ahead;
        if (until > ForgetAt) ForgetAt = until;
    }

    /// <summary>The warning; null when it has not come.</summary>
    public CapAlertView? View(Guid id) => Warning is null ? null : new CapAlertView(id, Warning, TakenAt, End, IsComplete, [.. Zones]);
}

/// <summary>A list of warnings or of published zones.</summary>
[GenerateSerializer, Alias("sos.zones.cap.index-state")]
internal sealed class CapIndexState
{
    /// <summary>See <c>PackedIds</c>.</summary>
    [Id(0)] public byte[] Ids { get; set; } = [];
}
