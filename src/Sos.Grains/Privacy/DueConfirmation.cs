namespace Sos.Grains.Privacy;

/// <summary>
/// Whether something is really due: the wall clock said so twice, with a span of the monotonic clock in between and never the contrary. What is
/// destroyed cannot be had back, so a clock that jumps forward must stay there first.
/// </summary>
/// <param name="time">Both clocks.</param>
/// <param name="span">How far apart.</param>
public sealed class DueConfirmation(TimeProvider time, TimeSpan span)
{
    private long? _first;

    /// <summary>Looks at the clocks; true when it is confirmed.</summary>
    /// <param name="dueAt">When it is due.</param>
    public bool Look(DateTimeOffset dueAt)
    {
        if (time.GetUtcNow() < dueAt)
        {
            _first = null;
            return false;
        }

        _first ??= time.GetTimestamp();
        return time.GetElapsedTime(_first.Value) >= span;
    }
}
