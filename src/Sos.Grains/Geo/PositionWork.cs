using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Geo;

/// <summary>How somebody came from the fix before to this one.</summary>
/// <param name="From">The fix before.</param>
/// <param name="Length">Great-circle distance between the two.</param>
/// <param name="IsOneWay">Short and slow enough for the straight line between them to be where she was.</param>
internal readonly record struct PositionMotion(PositionFix From, Distance Length, bool IsOneWay);

/// <summary>One report on its way through a <see cref="PositionPipeline"/>: what is known of it so far.</summary>
/// <param name="report">As it came.</param>
/// <param name="now">The service's clock.</param>
/// <param name="isNewest">No newer one came with it.</param>
internal sealed class PositionWork(PositionReport report, DateTimeOffset now, bool isNewest = true)
{
    /// <summary>The report as it came.</summary>
    public PositionReport Report => report;

    /// <summary>The service's clock.</summary>
    public DateTimeOffset Now => now;

    /// <summary>No newer one came with it.</summary>
    public bool IsNewest => isNewest;

    /// <summary>What its sender is told.</summary>
    public ReportOutcome Outcome { get; set; } = ReportOutcome.Accepted;

    /// <summary>The position, once it is found to be one; null for a heartbeat and for what is not believed.</summary>
    public PositionFix? Fix { get; set; }

    /// <summary>How she came here; null for the first fix and after a gap that nothing is known of.</summary>
    public PositionMotion? Motion { get; set; }

    /// <summary>How long ago it was true. What is told of late raises no alarm: the moment has passed.</summary>
    public TimeSpan Age => Fix is { } fix ? now - fix.At : TimeSpan.Zero;
}

/// <summary>One step of what is done with a report. Steps have state: they belong to one person.</summary>
internal interface IPositionStep
{
    /// <summary>Does its part; false: the report goes no further.</summary>
    ValueTask<bool> Take(PositionWork work);
}
