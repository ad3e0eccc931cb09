using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Geo;

/// <summary>
/// Believes a position or not: numbers that are none, made-up ones, older ones than the newest, and jumps that nobody makes. A clock that runs ahead is set to
/// ours. Whoever is really somewhere else is believed at the second fix there.
/// </summary>
internal sealed class PlausibilityStep(GeoOptions options) : IPositionStep
{
    /// <summary>A jump is never judged below this: clocks are coarse, and fixes of two sources differ.</summary>
    private static readonly Distance Slack = Distance.FromKilometres(10);

    private PositionFix? _newest;
    private PositionFix? _doubted;

    public ValueTask<bool> Take(PositionWork work) => ValueTask.FromResult(Believe(work));

    /// <summary>Everything before is forgotten: the next fix is the first.</summary>
    public void Forget() => (_newest, _doubted) = (null, null);

    private bool Believe(PositionWork work)
    {
        var (report, now) = (work.Report, work.Now);
        // A report is a sign of life also where its position is not believed.
        if (report.Point is not { } point || !GeoPoint.TryCreate(point.Latitude, point.Longitude, out _)) return false;
        var fix = new PositionFix(point, report.Accuracy, report.At > now ? now : report.At);
        if (fix.At < _newest?.At || now - fix.At >= options.ExpiresAfter) return Refuse(work, ReportOutcome.Outdated);
        if (report.Mock || point is { Latitude: 0, Longitude: 0 }) return Refuse(work, ReportOutcome.Implausible);
        if (_newest is not null && !CanFollow(_newest, fix) && !(_doubted is not null && CanFollow(_doubted, fix)))
        {
            _doubted = fix;
            return Refuse(work, ReportOutcome.Implausible);
        }

        (_newest, _doubted, work.Fix) = (fix, null, fix);
        return true;
    }

    private bool CanFollow(PositionFix before, PositionFix after)
    {
        var reach = options.TopSpeed * Math.Abs((after.At - before.At).TotalSeconds) + (before.Accuracy?.Metres ?? 0) + (after.Accuracy?.Metres ?? 0);
        return before.Point.DistanceTo(after.Point).Metres <= reach + Slack.Metres;
    }

    private static bool Refuse(PositionWork work, ReportOutcome outcome)
    {
        work.Outcome = outcome;
        return false;
    }
}
