namespace Sos.Embedded.Runtime.Activations;

/// <summary>The end of an activation that nobody uses.</summary>
internal sealed partial class Activation
{
    private long _unusedSince;
    private DateTimeOffset _keepUntil;

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        if (timeSpan == Timeout.InfiniteTimeSpan || timeSpan == TimeSpan.MaxValue)
            _keepUntil = DateTimeOffset.MaxValue;
        else
            _keepUntil = timeSpan <= TimeSpan.Zero ? default : TimeProvider.GetUtcNow() + timeSpan;
    }

    /// <summary>Whether the activation has not been used for its age. Asked once a collection interval.</summary>
    /// <remarks>
    /// A request only sets a flag: the time of the last use is the time of the look that found the flag. So an activation lives up to one
    /// interval longer than its age, and a call reads no clock for it.
    /// </remarks>
    public bool IsIdle(long now, TimeSpan age)
    {
        if (_used || _unusedSince == 0)
        {
            _used = false;
            _unusedSince = now;
            return false;
        }

        if (TimeProvider.GetElapsedTime(_unusedSince, now) < age || TimeProvider.GetUtcNow() < _keepUntil) return false;

        lock (_gate)
            return _state == ActivationState.Valid && _running.IsEmpty && _waiting.IsEmpty;
    }
}
