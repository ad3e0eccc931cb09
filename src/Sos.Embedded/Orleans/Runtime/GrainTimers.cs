namespace Orleans.Runtime;

/// <summary>A timer of an activation. Disposing it cancels the token of a running tick and stops further ones.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets when the timer ticks next, and how often after that.</summary>
    /// <param name="dueTime">From now to the next tick; <see cref="Timeout.InfiniteTimeSpan"/> stops the timer.</param>
    /// <param name="period">From the end of a tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> for a single tick.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>When a grain timer ticks and how its ticks stand to the other requests of the grain.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>Makes options for a timer whose ticks do not interleave and do not keep the activation alive.</summary>
    /// <param name="dueTime">From now to the first tick.</param>
    /// <param name="period">From the end of a tick to the next.</param>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period) : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>From now to the first tick; <see cref="Timeout.InfiniteTimeSpan"/> until <see cref="IGrainTimer.Change"/>.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>From the end of a tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> for a single tick.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks may interleave with every other request of the grain. Default false: a tick waits for its turn.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that a ticking activation is never idle. Default false.</summary>
    public bool KeepAlive { get; init; }
}
