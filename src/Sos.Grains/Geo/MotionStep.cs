using Sos.Contracts.Geo;

namespace Sos.Grains.Geo;

/// <summary>Says how somebody came from the fix before, and whether the straight line between the two is where she was.</summary>
internal sealed class MotionStep(GeoOptions options) : IPositionStep
{
    private PositionFix? _before;

    public ValueTask<bool> Take(PositionWork work)
    {
        var fix = work.Fix!;
        if (_before is { } before)
        {
            var (length, seconds) = (before.Point.DistanceTo(fix.Point), (fix.At - before.At).TotalSeconds);
            var oneWay = seconds <= options.OneWayWithin.TotalSeconds && length.Metres <= options.OneWaySpeed * seconds;
            work.Motion = new PositionMotion(before, length, oneWay);
        }

        _before = fix;
        return ValueTask.FromResult(true);
    }
}
