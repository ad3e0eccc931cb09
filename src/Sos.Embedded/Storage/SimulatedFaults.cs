namespace Sos.Embedded.Storage;

/// <summary>How a <see cref="SimulatedRecordStore"/> misbehaves. May be changed while it runs.</summary>
public sealed class SimulatedFaults
{
    /// <summary>Shortest time from a request to its effect.</summary>
    public TimeSpan MinLatency { get; set; } = TimeSpan.FromMilliseconds(0.5);

    /// <summary>Longest time from a request to its effect; later requests may overtake earlier ones.</summary>
    public TimeSpan MaxLatency { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Share of writes (0 to 1) that fail without effect.</summary>
    public double FailBeforeWrite { get; set; }

    /// <summary>Share of writes (0 to 1) that take effect although the caller is told they failed.</summary>
    public double FailAfterWrite { get; set; }

    /// <summary>Share of reads (0 to 1) that fail.</summary>
    public double FailRead { get; set; }

    /// <summary>Share (0 to 1) of the writes under way at a crash that are on disk afterwards, though nobody was told.</summary>
    public double KeepAtCrash { get; set; } = 0.5;

    /// <summary>While set, every write is refused as on a full disk.</summary>
    public bool DiskFull { get; set; }
}
